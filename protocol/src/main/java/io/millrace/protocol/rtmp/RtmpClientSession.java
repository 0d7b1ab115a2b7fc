package io.millrace.protocol.rtmp;

import io.millrace.protocol.amf.Amf0Writer;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The publisher's end of an RTMP connection: {@link #start}, then {@link #receive} whatever
 * arrives; the session walks through connect, createStream and publish by itself and reports {@link
 * RtmpClientHandler#onPublishing()}. Then the {@code send} methods, {@link #unpublish} at the end.
 */
public final class RtmpClientSession {
  private static final int CONNECT = 1;
  private static final int CREATE_STREAM = 4;
  private static final int WINDOW_BYTES = 2_500_000;

  private final RtmpUrl url;
  private final RtmpLimits limits;
  private final int chunkBytes;
  private final ClientHandshake handshake = new ClientHandshake();
  private final ChunkReader reader;
  private final ChunkWriter writer = new ChunkWriter();

  private int streamId;
  private boolean publishing;
  private long receivedBytes;
  private long acknowledgedBytes;
  private long ackWindowBytes = WINDOW_BYTES;

  /**
   * @param chunkBytes size of the chunks sent, 128 to 65536; 128 is the protocol's default
   */
  public RtmpClientSession(RtmpUrl url, RtmpLimits limits, int chunkBytes) {
    if (chunkBytes < 128 || chunkBytes > 65536) {
      throw new IllegalArgumentException("chunkBytes: " + chunkBytes + " (expected: 128 to 65536)");
    }
    this.url = url;
    this.limits = limits;
    this.chunkBytes = chunkBytes;
    this.reader = new ChunkReader(limits);
  }

  /** Sends the first bytes of the handshake. */
  public void start(RtmpClientHandler handler) {
    handler.send(ClientHandshake.hello());
  }

  /**
   * Takes bytes of the server; consumes all of them.
   *
   * @throws RtmpException the connection is beyond repair
   */
  public void receive(ByteBuffer in, RtmpClientHandler handler) throws RtmpException {
    int before = in.remaining();
    if (!handshake.done()) {
      ByteBuffer answer = handshake.receive(in);
      if (answer != null) {
        handler.send(answer);
        connect(handler);
      }
    }
    if (handshake.done()) {
      reader.read(in, new Inbox(handler));
    }
    receivedBytes += before - in.remaining();
    if (receivedBytes - acknowledgedBytes >= ackWindowBytes) {
      acknowledgedBytes = receivedBytes;
      handler.send(writer.control(MessageType.ACKNOWLEDGEMENT, (int) receivedBytes));
    }
  }

  /** The server has accepted the publish and it has not ended. */
  public boolean publishing() {
    return publishing;
  }

  /**
   * @param timestampMs decode time, taken modulo 2^32
   * @param body FLV tag body; consumed
   */
  public void sendVideo(long timestampMs, ByteBuffer body, RtmpClientHandler handler) {
    media(ChunkWriter.CSID_VIDEO, MessageType.VIDEO, timestampMs, body, handler);
  }

  /**
   * @param timestampMs taken modulo 2^32
   * @param body FLV tag body; consumed
   */
  public void sendAudio(long timestampMs, ByteBuffer body, RtmpClientHandler handler) {
    media(ChunkWriter.CSID_AUDIO, MessageType.AUDIO, timestampMs, body, handler);
  }

  /** Sends onMetaData inside @setDataFrame. */
  public void sendMetadata(Map<String, ?> metadata, RtmpClientHandler handler) {
    byte[] amf =
        new Amf0Writer().value("@setDataFrame").value("onMetaData").ecmaArray(metadata).toBytes();
    media(ChunkWriter.CSID_AUDIO, MessageType.DATA_AMF0, 0, ByteBuffer.wrap(amf), handler);
  }

  /**
   * Sends a script tag of an FLV file.
   *
   * @param body AMF0: "onMetaData" and its value; consumed
   */
  public void sendMetadata(ByteBuffer body, RtmpClientHandler handler) {
    byte[] prefix = Amf0Writer.bytes("@setDataFrame");
    ByteBuffer amf = ByteBuffer.allocate(prefix.length + body.remaining()).put(prefix).put(body);
    media(ChunkWriter.CSID_AUDIO, MessageType.DATA_AMF0, 0, amf.flip(), handler);
  }

  /** Ends the publish in order: FCUnpublish and deleteStream. The caller flushes and closes. */
  public void unpublish(RtmpClientHandler handler) {
    if (publishing) {
      publishing = false;
      command(handler, 0, "FCUnpublish", 6, null, url.name());
      command(handler, 0, "deleteStream", 7, null, streamId);
    }
  }

  private void media(
      int csid, int typeId, long timestampMs, ByteBuffer body, RtmpClientHandler handler) {
    if (!publishing) {
      throw new IllegalStateException("publishing: false (expected: true)");
    }
    handler.send(writer.write(csid, typeId, streamId, timestampMs, body));
  }

  private void connect(RtmpClientHandler handler) {
    handler.send(writer.control(MessageType.SET_CHUNK_SIZE, chunkBytes));
    writer.chunkSize(chunkBytes);
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("app", url.app());
    object.put("type", "nonprivate");
    object.put("flashVer", "FMLE/3.0 (compatible; Millrace)");
    object.put("tcUrl", url.tcUrl());
    object.put("fourCcList", List.of("avc1", "hvc1", "av01", "mp4a", "Opus"));
    object.put("capsEx", 1);
    command(handler, 0, "connect", CONNECT, object);
  }

  private void createStream(RtmpClientHandler handler) {
    command(handler, 0, "releaseStream", 2, null, url.name());
    command(handler, 0, "FCPublish", 3, null, url.name());
    command(handler, 0, "createStream", CREATE_STREAM, (Object) null);
  }

  private void publish(RtmpClientHandler handler) {
    command(handler, streamId, "publish", 5, null, url.name(), "live");
  }

  private void command(
      RtmpClientHandler handler, int onStream, String name, int transaction, Object... values) {
    Amf0Writer amf = new Amf0Writer().value(name).value(transaction);
    for (Object value : values) {
      amf.value(value);
    }
    handler.send(writer.command(ChunkWriter.CSID_COMMAND, onStream, amf.toBytes()));
  }

  /** Messages of one {@code receive}. */
  private final class Inbox implements ChunkReader.Sink {
    private final RtmpClientHandler handler;

    Inbox(RtmpClientHandler handler) {
      this.handler = handler;
    }

    @Override
    public boolean accepting() {
      return true;
    }

    @Override
    public void onMessage(int typeId, int onStream, long timestampMs, ByteBuffer payload)
        throws RtmpException {
      switch (typeId) {
        case MessageType.COMMAND_AMF0, MessageType.COMMAND_AMF3 ->
            onCommand(Command.read(payload, typeId == MessageType.COMMAND_AMF3, limits.amf()));
        case MessageType.USER_CONTROL -> onUserControl(payload);
        case MessageType.WINDOW_ACK_SIZE -> {
          if (payload.remaining() >= 4) {
            ackWindowBytes = Math.max(limits.minAckWindowBytes(), payload.getInt() & 0xFFFFFFFFL);
          }
        }
        case MessageType.GO_AWAY -> handler.onReconnectRequest("");
        default -> {}
      }
    }

    private void onUserControl(ByteBuffer payload) {
      if (payload.remaining() >= 6 && payload.getShort() == MessageType.EVENT_PING_REQUEST) {
        handler.send(writer.userControl(MessageType.EVENT_PING_RESPONSE, payload.getInt()));
      }
    }

    private void onCommand(Command command) {
      switch (command.name()) {
        case "_result" -> onResult(command);
        case "_error" -> onError(command);
        case "onStatus" -> onStatus(command.object(3));
        default -> {}
      }
    }

    private void onResult(Command command) {
      if (command.transaction() == CONNECT) {
        createStream(handler);
      } else if (command.transaction() == CREATE_STREAM) {
        streamId = (int) command.number(3);
        publish(handler);
      }
    }

    /** Servers that do not know releaseStream or FCPublish say so by an error; that is harmless. */
    private void onError(Command command) {
      if (command.transaction() == CONNECT || command.transaction() == CREATE_STREAM) {
        Map<?, ?> info = command.object(3);
        handler.onStatus("error", text(info, "code"), text(info, "description"));
      }
    }

    private void onStatus(Map<?, ?> info) {
      String code = text(info, "code");
      String level = text(info, "level");
      if (code.equals("NetConnection.Connect.ReconnectRequest")) {
        handler.onReconnectRequest(text(info, "tcUrl"));
        return;
      }
      if (code.equals("NetStream.Publish.Start") && !publishing) {
        publishing = true;
        handler.onPublishing();
      } else if (level.equals("error")) {
        publishing = false;
      }
      handler.onStatus(level, code, text(info, "description"));
    }

    private String text(Map<?, ?> info, String key) {
      return info != null && info.get(key) instanceof String s ? s : "";
    }
  }
}
