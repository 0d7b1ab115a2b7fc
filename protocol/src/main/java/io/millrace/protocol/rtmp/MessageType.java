package io.millrace.protocol.rtmp;

/** Message type ids. Source: RTMP 1.0 §5.4, §6.2, §7.1; type 32: RTMP Go Away. */
final class MessageType {
  static final int SET_CHUNK_SIZE = 1;
  static final int ABORT = 2;
  static final int ACKNOWLEDGEMENT = 3;
  static final int USER_CONTROL = 4;
  static final int WINDOW_ACK_SIZE = 5;
  static final int SET_PEER_BANDWIDTH = 6;
  static final int AUDIO = 8;
  static final int VIDEO = 9;
  static final int DATA_AMF3 = 15;
  static final int COMMAND_AMF3 = 17;
  static final int DATA_AMF0 = 18;
  static final int COMMAND_AMF0 = 20;
  static final int AGGREGATE = 22;
  static final int GO_AWAY = 32;

  /** Events of a user control message, uint16. Source: RTMP 1.0 §7.1.7. */
  static final int EVENT_STREAM_BEGIN = 0;

  static final int EVENT_PING_REQUEST = 6;
  static final int EVENT_PING_RESPONSE = 7;

  private MessageType() {}
}
