package io.millrace.http;

import java.util.List;

/**
 * The cluster as the API shows it.
 *
 * @param formation id of the cluster, the same on every node; absent in mode single
 * @param node name of the node that answers
 * @param leader address of the member that lets others in and out
 * @param coordinator name or address of the node that gives slots their homes
 * @param majority whether this node reaches more than half of the members
 * @param slots of the whole cluster
 * @param members by address
 */
public record ClusterInfo(
    String mode,
    String formation,
    String node,
    String leader,
    String coordinator,
    boolean majority,
    int slots,
    List<Member> members) {

  /**
   * One node.
   *
   * @param name absent until the node has told its load
   * @param status as the membership says, e.g. {@code up}, {@code leaving}
   * @param reachable from the node that answers
   */
  public record Member(
      String name,
      String address,
      String status,
      boolean reachable,
      List<String> roles,
      String dataPort,
      String internalHttp,
      Load load) {}

  /**
   * What a node said last of itself, a few seconds old.
   *
   * @param cores that transcoding may use
   * @param coresFree of them, what new streams may take
   * @param streams that it owns
   * @param slots that it holds
   * @param busySlots of them with a stream
   */
  public record Load(
      double cores,
      double coresFree,
      int streams,
      int publishers,
      int viewers,
      int slots,
      int busySlots,
      boolean draining) {}
}
