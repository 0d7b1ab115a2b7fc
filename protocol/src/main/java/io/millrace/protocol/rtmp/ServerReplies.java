package io.millrace.protocol.rtmp;

import io.millrace.protocol.amf.Amf0Writer;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answers of a server, as bytes. Source: RTMP 1.0 §7.2; Enhanced RTMP v2, "connect". */
final class ServerReplies {
  static final int WINDOW_BYTES = 2_500_000;
  static final int CHUNK_BYTES = 4096;

  private static final int CAPS_RECONNECT_MODEX = 1 | 4;
  private static final int CAN_DECODE = 1;
  private static final List<Object> FOUR_CCS =
      List.of("avc1", "hvc1", "av01", "mp4a", "Opus", ".mp3", "fLaC", "ac-3");
  private static final Map<String, Object> VIDEO =
      Map.of("avc1", CAN_DECODE, "hvc1", CAN_DECODE, "av01", CAN_DECODE);
  private static final Map<String, Object> AUDIO =
      Map.of(
          "mp4a",
          CAN_DECODE,
          "Opus",
          CAN_DECODE,
          ".mp3",
          CAN_DECODE,
          "fLaC",
          CAN_DECODE,
          "ac-3",
          CAN_DECODE);

  private final ChunkWriter writer = new ChunkWriter();

  /** WindowAckSize, SetPeerBandwidth, SetChunkSize and the result, in this order. */
  void connected(RtmpConnect connect, double transaction, RtmpServerHandler out) {
    out.send(writer.control(MessageType.WINDOW_ACK_SIZE, WINDOW_BYTES));
    out.send(writer.peerBandwidth(WINDOW_BYTES));
    out.send(writer.control(MessageType.SET_CHUNK_SIZE, CHUNK_BYTES));
    writer.chunkSize(CHUNK_BYTES);
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("fmsVer", "FMS/3,5,7,7009");
    properties.put("capabilities", 31);
    properties.put("mode", 1);
    Map<String, Object> info =
        info("status", "NetConnection.Connect.Success", "Connection succeeded.");
    info.put("objectEncoding", 0);
    if (connect.enhanced() || connect.capsEx() != 0) {
      info.put("fourCcList", FOUR_CCS);
      info.put("videoFourCcInfoMap", VIDEO);
      info.put("audioFourCcInfoMap", AUDIO);
      info.put("capsEx", CAPS_RECONNECT_MODEX);
    }
    out.send(command(0, "_result", transaction, properties, info));
  }

  void streamBegin(int streamId, RtmpServerHandler out) {
    out.send(writer.userControl(MessageType.EVENT_STREAM_BEGIN, streamId));
  }

  void result(double transaction, Object value, RtmpServerHandler out) {
    out.send(command(0, "_result", transaction, null, value));
  }

  void error(double transaction, String code, String text, RtmpServerHandler out) {
    out.send(command(0, "_error", transaction, null, info("error", code, text)));
  }

  void status(int streamId, String level, String code, String text, RtmpServerHandler out) {
    out.send(command(streamId, "onStatus", 0, null, info(level, code, text)));
  }

  void reconnectRequest(String tcUrl, RtmpServerHandler out) {
    Map<String, Object> info =
        info("status", "NetConnection.Connect.ReconnectRequest", "The node is being drained.");
    if (!tcUrl.isEmpty()) {
      info.put("tcUrl", tcUrl);
    }
    out.send(command(0, "onStatus", 0, null, info));
  }

  void acknowledgement(long receivedBytes, RtmpServerHandler out) {
    out.send(writer.control(MessageType.ACKNOWLEDGEMENT, (int) receivedBytes));
  }

  void ping(int event, int timestamp, RtmpServerHandler out) {
    out.send(writer.userControl(event, timestamp));
  }

  void goAway(RtmpServerHandler out) {
    out.send(
        writer.write(ChunkWriter.CSID_CONTROL, MessageType.GO_AWAY, 0, 0, ByteBuffer.allocate(0)));
  }

  private ByteBuffer command(int streamId, Object... values) {
    int csid = streamId == 0 ? ChunkWriter.CSID_COMMAND : ChunkWriter.CSID_STREAM;
    return writer.command(csid, streamId, Amf0Writer.bytes(values));
  }

  private static Map<String, Object> info(String level, String code, String text) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("level", level);
    info.put("code", code);
    info.put("description", text);
    return info;
  }
}
