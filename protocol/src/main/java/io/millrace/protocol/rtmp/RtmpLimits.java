package io.millrace.protocol.rtmp;

import io.millrace.protocol.amf.AmfLimits;

/**
 * What a peer may make us hold.
 *
 * @param maxMediaMessageBytes declared length of an audio, video or aggregate message
 * @param maxCommandMessageBytes declared length of every other message
 * @param maxChunkStreams chunk stream ids in use on one connection
 * @param maxPartialBytes memory for messages under way on one connection, over all chunk streams
 * @param maxMessageStreams streams made by createStream
 * @param minAckWindowBytes smallest window that is acknowledged, whatever the peer asks for
 * @param amf bounds of one command or data message
 */
public record RtmpLimits(
    int maxMediaMessageBytes,
    int maxCommandMessageBytes,
    int maxChunkStreams,
    int maxPartialBytes,
    int maxMessageStreams,
    int minAckWindowBytes,
    AmfLimits amf) {

  /** 8 MiB media, 64 KiB commands, 64 chunk streams, 16 MiB in all, 8 streams, 256 KiB acks. */
  public static final RtmpLimits STANDARD =
      new RtmpLimits(8 << 20, 64 << 10, 64, 16 << 20, 8, 256 << 10, AmfLimits.STANDARD);

  public RtmpLimits {
    positive("maxMediaMessageBytes", maxMediaMessageBytes);
    positive("maxCommandMessageBytes", maxCommandMessageBytes);
    positive("maxChunkStreams", maxChunkStreams);
    positive("maxMessageStreams", maxMessageStreams);
    positive("minAckWindowBytes", minAckWindowBytes);
    if (maxPartialBytes < maxMediaMessageBytes) {
      throw new IllegalArgumentException(
          "maxPartialBytes: " + maxPartialBytes + " (expected: at least maxMediaMessageBytes)");
    }
  }

  private static void positive(String field, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: at least 1)");
    }
  }

  /** The largest length that a message of this type may declare. */
  int maxBytes(int typeId) {
    return switch (typeId) {
      case MessageType.AUDIO, MessageType.VIDEO, MessageType.AGGREGATE -> maxMediaMessageBytes;
      default -> maxCommandMessageBytes;
    };
  }
}
