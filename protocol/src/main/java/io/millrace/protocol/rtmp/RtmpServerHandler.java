package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;
import java.util.Map;

/** What a {@link RtmpServerSession} tells its connection, during {@code receive} or an answer. */
public interface RtmpServerHandler {

  /**
   * Bytes for the peer, in order.
   *
   * @param bytes belongs to the handler from now on
   */
  void send(ByteBuffer bytes);

  /** The client has connected and was answered. */
  void onConnect(RtmpConnect connect);

  /**
   * The client asks to publish. Answer by {@link RtmpServerSession#acceptPublish} or {@link
   * RtmpServerSession#rejectPublish}, now or later; until then no further input is consumed.
   */
  void onPublish(PublishTarget target);

  /** onMetaData, as object or ECMA array, in wire order. */
  void onMetadata(Map<String, Object> metadata);

  /**
   * @param timestampMs the publisher's clock, 0 to 2^32 − 1, wraps
   * @param body FLV tag body, without tag header; valid during the call only
   */
  void onAudio(long timestampMs, ByteBuffer body);

  /**
   * @param timestampMs the publisher's clock, 0 to 2^32 − 1, wraps
   * @param body FLV tag body, without tag header; valid during the call only
   */
  void onVideo(long timestampMs, ByteBuffer body);

  /** FCUnpublish, deleteStream or closeStream: the publish ended as the broadcaster wished. */
  void onUnpublish();

  /** The peer was told an error; send what is queued, then close the connection. */
  void onClose(RtmpError error, String reason);
}
