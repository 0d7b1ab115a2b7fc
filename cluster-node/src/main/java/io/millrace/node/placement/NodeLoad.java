package io.millrace.node.placement;

import io.millrace.node.CborSerializable;
import io.millrace.node.cluster.Endpoint;
import java.util.List;
import java.util.Set;

/**
 * What a node tells the others of itself every 2 s.
 *
 * @param name from its configuration
 * @param artery its address in the cluster, e.g. {@code pekko://millrace@10.0.0.1:25520}
 * @param incarnation of its process, as the cluster tells two starts of one address apart
 * @param data where it takes media
 * @param internalHttp where it serves objects to other nodes
 * @param roles labels of what it does
 * @param cores that transcoding may use there
 * @param coresFree of them, what new streams may take
 * @param coresPerStream what one more stream is expected to take; 0 without a ladder
 * @param streams that it owns, ended ones not counted
 * @param publishers connected to it
 * @param viewers playback sessions on it
 * @param slots that it holds and the streams in each
 * @param draining it hands its streams over and takes no new ones
 */
public record NodeLoad(
    String name,
    String artery,
    long incarnation,
    Endpoint data,
    Endpoint internalHttp,
    Set<String> roles,
    double cores,
    double coresFree,
    double coresPerStream,
    int streams,
    int publishers,
    int viewers,
    List<SlotUse> slots,
    boolean draining)
    implements CborSerializable {

  /** A slot and how many streams are in it. */
  public record SlotUse(int slot, int streams) {}

  public boolean isOrigin() {
    return roles.contains("origin");
  }
}
