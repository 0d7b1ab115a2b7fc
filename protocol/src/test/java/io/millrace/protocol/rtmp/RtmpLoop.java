package io.millrace.protocol.rtmp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** Both ends' handlers: record every event as text and queue the bytes for the other end. */
final class RtmpLoop {
  final List<String> events = new ArrayList<>();
  final List<byte[]> videos = new ArrayList<>();
  final Queue<ByteBuffer> toClient = new ArrayDeque<>();
  final Queue<ByteBuffer> toServer = new ArrayDeque<>();
  PublishTarget target;
  RtmpConnect connect;
  boolean accept = true;

  final RtmpServerSession server = new RtmpServerSession(RtmpLimits.STANDARD);

  final RtmpServerHandler serverHandler =
      new RtmpServerHandler() {
        @Override
        public void send(ByteBuffer bytes) {
          toClient.add(bytes);
        }

        @Override
        public void onConnect(RtmpConnect c) {
          connect = c;
          events.add("connect");
        }

        @Override
        public void onPublish(PublishTarget t) {
          target = t;
          events.add("publish " + t.name());
        }

        @Override
        public void onMetadata(Map<String, Object> metadata) {
          events.add("metadata " + metadata);
        }

        @Override
        public void onAudio(long timestampMs, ByteBuffer body) {
          events.add("audio " + timestampMs + " " + body.remaining());
        }

        @Override
        public void onVideo(long timestampMs, ByteBuffer body) {
          byte[] copy = new byte[body.remaining()];
          body.get(copy);
          videos.add(copy);
          events.add("video " + timestampMs + " " + copy.length);
        }

        @Override
        public void onUnpublish() {
          events.add("unpublish");
        }

        @Override
        public void onClose(RtmpError error, String reason) {
          events.add("close " + error + " " + reason);
        }
      };

  final RtmpClientHandler clientHandler =
      new RtmpClientHandler() {
        @Override
        public void send(ByteBuffer bytes) {
          toServer.add(bytes);
        }

        @Override
        public void onPublishing() {
          events.add("client publishing");
        }

        @Override
        public void onStatus(String level, String code, String text) {
          events.add("client " + level + " " + code);
        }

        @Override
        public void onReconnectRequest(String tcUrl) {
          events.add("client reconnect " + tcUrl);
        }
      };

  /** Feeds the server, answering a publish at once, as a connection does. */
  void feed(ByteBuffer bytes) throws RtmpException {
    server.receive(bytes, serverHandler);
    while (server.awaitingAnswer()) {
      if (accept) {
        server.acceptPublish(serverHandler);
      } else {
        server.rejectPublish(RtmpError.DENIED, "no", serverHandler);
      }
      server.receive(bytes, serverHandler);
    }
  }

  /** Carries bytes both ways until none is left. */
  void pump(RtmpClientSession client) throws RtmpException {
    while (!toServer.isEmpty() || !toClient.isEmpty()) {
      if (!toServer.isEmpty()) {
        feed(toServer.remove());
      }
      if (!toClient.isEmpty()) {
        client.receive(toClient.remove(), clientHandler);
      }
    }
  }
}
