package io.millrace.protocol.rtmp;

import io.millrace.protocol.amf.AmfUndefined;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The server's end of one RTMP connection that publishes. At most one publish at a time; playing is
 * refused. The owner feeds {@link #receive} and must close the connection after a {@link
 * RtmpException}. Deadlines, rates and the right to publish are the owner's business.
 */
public final class RtmpServerSession {
  private enum State {
    IDLE,
    ASKED,
    PUBLISHING
  }

  private final RtmpLimits limits;
  private final ServerHandshake handshake = new ServerHandshake();
  private final ChunkReader reader;
  private final ServerReplies replies = new ServerReplies();
  private final Set<Integer> streams = new TreeSet<>();

  private RtmpConnect connect;
  private State state = State.IDLE;
  private int publishStreamId;
  private int createdStreams;
  private boolean closing;
  private long receivedBytes;
  private long acknowledgedBytes;
  private long ackWindowBytes = ServerReplies.WINDOW_BYTES;
  private long messages;
  private long dropped;

  public RtmpServerSession(RtmpLimits limits) {
    this.limits = limits;
    this.reader = new ChunkReader(limits);
  }

  /**
   * Takes bytes of the peer. Consumes all of them, except while a publish awaits its answer: what
   * then remains must be passed again, first, after the answer. After {@code onClose} the rest is
   * dropped.
   *
   * @throws RtmpException the connection is beyond repair; the scope is CONNECTION
   */
  public void receive(ByteBuffer in, RtmpServerHandler handler) throws RtmpException {
    int before = in.remaining();
    if (!handshake.done()) {
      ByteBuffer answer = handshake.receive(in);
      if (answer != null) {
        handler.send(answer);
      }
    }
    if (handshake.done()) {
      reader.read(in, new Inbox(handler));
    }
    receivedBytes += before - in.remaining();
    if (closing) {
      in.position(in.limit());
    } else if (handshake.done() && receivedBytes - acknowledgedBytes >= ackWindowBytes) {
      acknowledgedBytes = receivedBytes;
      replies.acknowledgement(receivedBytes, handler);
    }
  }

  /** Grants the publish that was asked for; input is consumed again. */
  public void acceptPublish(RtmpServerHandler handler) {
    require(State.ASKED);
    state = State.PUBLISHING;
    replies.streamBegin(publishStreamId, handler);
    replies.status(
        publishStreamId, "status", "NetStream.Publish.Start", "Publishing started.", handler);
  }

  /** Refuses the publish that was asked for and asks the handler to close. */
  public void rejectPublish(RtmpError error, String text, RtmpServerHandler handler) {
    require(State.ASKED);
    state = State.IDLE;
    refuse(error, text, handler);
  }

  /** Tells a publishing client that its publish is over; nothing when none is running. */
  public void endPublish(String code, String text, RtmpServerHandler handler) {
    if (state == State.PUBLISHING) {
      state = State.IDLE;
      replies.status(publishStreamId, "error", code, text, handler);
    }
    closing = true;
  }

  /** Sends a ping request. */
  public void ping(int timestampMs, RtmpServerHandler handler) {
    replies.ping(MessageType.EVENT_PING_REQUEST, timestampMs, handler);
  }

  /**
   * Asks the client to go elsewhere without ending its publish: RTMP Go Away or a reconnect
   * request, whichever it knows.
   *
   * @param tcUrl where to; empty for the same address
   * @return false when the client knows neither, and nothing was sent
   */
  public boolean askToReconnect(String tcUrl, RtmpServerHandler handler) {
    if (connect != null && connect.reconnect()) {
      replies.reconnectRequest(tcUrl, handler);
      return true;
    }
    if (connect != null && connect.goAway()) {
      replies.goAway(handler);
      return true;
    }
    return false;
  }

  public boolean handshaken() {
    return handshake.done();
  }

  public boolean connected() {
    return connect != null;
  }

  public boolean publishing() {
    return state == State.PUBLISHING;
  }

  /** A publish awaits its answer; input is not consumed. */
  public boolean awaitingAnswer() {
    return state == State.ASKED;
  }

  /** Messages received, for rates. */
  public long messages() {
    return messages;
  }

  /** Messages that were ignored because they made no sense. */
  public long droppedMessages() {
    return dropped;
  }

  /** Memory held for messages under way, bytes. */
  public int heldBytes() {
    return reader.heldBytes();
  }

  private void require(State expected) {
    if (state != expected) {
      throw new IllegalStateException("state: " + state + " (expected: " + expected + ")");
    }
  }

  private void refuse(RtmpError error, String text, RtmpServerHandler handler) {
    closing = true;
    replies.status(publishStreamId, "error", error.status(), text, handler);
    handler.onClose(error, text);
  }

  /** Messages of one {@code receive}. */
  private final class Inbox implements ChunkReader.Sink {
    private final RtmpServerHandler handler;

    Inbox(RtmpServerHandler handler) {
      this.handler = handler;
    }

    @Override
    public boolean accepting() {
      return state != State.ASKED && !closing;
    }

    @Override
    public void onMessage(int typeId, int streamId, long timestampMs, ByteBuffer payload)
        throws RtmpException {
      messages++;
      try {
        dispatch(typeId, streamId, timestampMs, payload);
      } catch (RtmpException e) {
        if (e.scope() == RtmpException.Scope.CONNECTION) {
          throw e;
        }
        dropped++;
      }
    }

    private void dispatch(int typeId, int streamId, long timestampMs, ByteBuffer payload)
        throws RtmpException {
      switch (typeId) {
        case MessageType.AUDIO, MessageType.VIDEO -> onMedia(typeId, timestampMs, payload);
        case MessageType.AGGREGATE -> Aggregates.split(timestampMs, payload, this::onMedia);
        case MessageType.COMMAND_AMF0, MessageType.COMMAND_AMF3 ->
            onCommand(
                streamId, Command.read(payload, typeId == MessageType.COMMAND_AMF3, limits.amf()));
        case MessageType.DATA_AMF0, MessageType.DATA_AMF3 ->
            onData(Command.read(payload, typeId == MessageType.DATA_AMF3, limits.amf()));
        case MessageType.USER_CONTROL -> onUserControl(payload);
        case MessageType.WINDOW_ACK_SIZE -> onWindowAckSize(payload);
        case MessageType.ACKNOWLEDGEMENT, MessageType.SET_PEER_BANDWIDTH -> {}
        default -> dropped++;
      }
    }

    private void onMedia(int typeId, long timestampMs, ByteBuffer body) throws RtmpException {
      if (state != State.PUBLISHING) {
        dropped++;
      } else if (typeId == MessageType.VIDEO) {
        handler.onVideo(timestampMs, body);
      } else if (typeId == MessageType.AUDIO) {
        handler.onAudio(timestampMs, body);
      } else if (typeId == MessageType.DATA_AMF0) {
        onData(Command.read(body, false, limits.amf()));
      } else {
        dropped++;
      }
    }

    private void onUserControl(ByteBuffer payload) throws RtmpException {
      if (payload.remaining() < 2) {
        throw RtmpException.badMessage("user control: " + payload.remaining() + " bytes");
      }
      int event = payload.getShort();
      if (event == MessageType.EVENT_PING_REQUEST && payload.remaining() >= 4) {
        replies.ping(MessageType.EVENT_PING_RESPONSE, payload.getInt(), handler);
      }
    }

    private void onWindowAckSize(ByteBuffer payload) throws RtmpException {
      if (payload.remaining() < 4) {
        throw RtmpException.badMessage("window ack size: " + payload.remaining() + " bytes");
      }
      long wanted = payload.getInt() & 0xFFFFFFFFL;
      ackWindowBytes =
          Math.max(limits.minAckWindowBytes(), Math.min(wanted, ServerReplies.WINDOW_BYTES));
    }

    private void onData(Command data) {
      int at = "@setDataFrame".equals(data.name()) ? 1 : 0;
      boolean metadata =
          at == 0 ? "onMetaData".equals(data.name()) : "onMetaData".equals(data.text(1));
      Map<?, ?> values = data.object(at + 1);
      if (!metadata || values == null || state != State.PUBLISHING) {
        dropped++;
        return;
      }
      Map<String, Object> copy = new LinkedHashMap<>();
      values.forEach((key, value) -> copy.put((String) key, value));
      handler.onMetadata(copy);
    }

    private void onCommand(int streamId, Command command) {
      if (connect == null && !command.name().equals("connect")) {
        dropped++;
        return;
      }
      switch (command.name()) {
        case "connect" -> onConnect(command);
        case "createStream" -> onCreateStream(command);
        case "publish" -> onPublish(streamId, command);
        case "play", "play2" ->
            replies.status(
                streamId, "error", "NetStream.Play.Failed", "This port takes publishes.", handler);
        case "FCUnpublish" -> {
          unpublish();
          answer(command);
        }
        case "closeStream" -> closeStream(streamId);
        case "deleteStream" -> closeStream(command.number(3));
        case "onStatus", "_result", "_error" -> {}
        default -> answer(command);
      }
    }

    private void onConnect(Command command) {
      Map<?, ?> object = command.object(2);
      if (connect != null || object == null) {
        replies.error(
            command.transaction(),
            "NetConnection.Connect.Rejected",
            connect != null ? "Already connected." : "No command object.",
            handler);
        return;
      }
      connect = RtmpConnect.of(object);
      replies.connected(connect, command.transaction(), handler);
      handler.onConnect(connect);
    }

    private void onCreateStream(Command command) {
      if (streams.size() >= limits.maxMessageStreams()) {
        replies.error(
            command.transaction(), "NetConnection.Call.Failed", "Too many streams.", handler);
        return;
      }
      int id = ++createdStreams;
      streams.add(id);
      replies.result(command.transaction(), id, handler);
    }

    private void onPublish(int streamId, Command command) {
      if (!streams.contains(streamId)) {
        replies.status(
            streamId,
            "error",
            RtmpError.DENIED.status(),
            "publish: unknown stream (expected: createStream first)",
            handler);
        return;
      }
      if (state != State.IDLE) {
        replies.status(
            streamId,
            "error",
            RtmpError.BAD_NAME.status(),
            "publish: already publishing on this connection",
            handler);
        return;
      }
      publishStreamId = streamId;
      String name = command.text(3);
      PublishTarget target;
      try {
        target = PublishTargets.of(connect, name == null ? "" : name);
      } catch (RtmpException e) {
        refuse(e.code(), e.getMessage(), handler);
        return;
      }
      state = State.ASKED;
      handler.onPublish(target);
    }

    private void closeStream(double id) {
      if (id != (int) id || !streams.contains((int) id)) {
        dropped++;
        return;
      }
      if ((int) id == publishStreamId) {
        unpublish();
      }
      streams.remove((int) id);
    }

    private void unpublish() {
      if (state == State.PUBLISHING) {
        state = State.IDLE;
        handler.onUnpublish();
      }
    }

    /** Unknown commands, releaseStream, FCPublish, _checkbw, getStreamLength and the like. */
    private void answer(Command command) {
      if (command.transaction() > 0) {
        replies.result(command.transaction(), AmfUndefined.UNDEFINED, handler);
      }
    }
  }
}
