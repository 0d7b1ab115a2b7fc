package io.millrace.node.ingest;

import io.millrace.media.MediaUnit;
import io.millrace.media.demux.DemuxOutput;
import io.millrace.media.demux.DemuxVerdict;
import io.millrace.media.demux.DropReason;
import io.millrace.media.demux.FlvDemuxer;
import io.millrace.node.ingest.PublishAuthorizer.Authorization;
import io.millrace.protocol.rtmp.PublishTarget;
import io.millrace.protocol.rtmp.RtmpConnect;
import io.millrace.protocol.rtmp.RtmpError;
import io.millrace.protocol.rtmp.RtmpServerHandler;
import io.millrace.protocol.rtmp.RtmpServerSession;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the messages of one connection mean: asks for the right to publish, demuxes, hands units to
 * the sink. Confined to the connection's thread.
 */
final class PublishHandler implements RtmpServerHandler, DemuxOutput {
  private static final Logger LOG = LoggerFactory.getLogger(PublishHandler.class);

  private final IngestContext context;
  private final RtmpConnection connection;
  private final RtmpServerSession session;
  private final Map<DropReason, Long> countedDrops = new EnumMap<>(DropReason.class);

  private String encoder = "";
  private String streamId = "";
  private UnitSink sink;
  private FlvDemuxer demuxer;

  PublishHandler(IngestContext context, RtmpConnection connection, RtmpServerSession session) {
    this.context = context;
    this.connection = connection;
    this.session = session;
  }

  /** The stream's id once it is known, else a dash; never the key. */
  String streamForLog() {
    return streamId.isEmpty() ? "-" : streamId;
  }

  @Override
  public void send(ByteBuffer bytes) {
    connection.send(bytes);
  }

  @Override
  public void onConnect(RtmpConnect connect) {
    encoder = LogText.escape(connect.flashVer());
  }

  @Override
  public void onPublish(PublishTarget target) {
    if (context.failedAttempts().blocked(connection.remote(), System.nanoTime())) {
      refuseLater(RtmpError.DENIED, "Too many failed attempts from this address.");
      return;
    }
    context
        .authorizer()
        .authorize(target, connection.address())
        .whenComplete((answer, failure) -> connection.execute(() -> onAuthorized(answer, failure)));
  }

  private void onAuthorized(Authorization answer, Throwable failure) {
    if (!connection.isOpen()) {
      return;
    }
    if (answer instanceof Authorization.Granted granted) {
      streamId = granted.streamId();
      PublishRequest request = new PublishRequest(streamId, connection.peer());
      context
          .caughtUp()
          .thenCompose(done -> context.gateway().publish(request, connection))
          .whenComplete((reply, error) -> connection.execute(() -> onAnswer(reply, error)));
    } else if (answer instanceof Authorization.Refused refused) {
      context.failedAttempts().failed(connection.remote(), System.nanoTime());
      refuseLater(RtmpError.DENIED, refused.text());
    } else {
      LOG.error("authorisation of {} failed", connection.peer(), failure);
      refuseLater(RtmpError.DENIED, "Publishing is not possible now.");
    }
  }

  private void onAnswer(PublishAnswer answer, Throwable failure) {
    if (answer instanceof PublishAnswer.Accepted accepted) {
      onAccepted(accepted.sink());
    } else if (answer instanceof PublishAnswer.Rejected rejected) {
      boolean taken = rejected.reason() == PublishAnswer.Reason.ALREADY_PUBLISHING;
      refuse(taken ? RtmpError.BAD_NAME : RtmpError.DENIED, rejected.text());
    } else {
      LOG.error("publish of {} from {} failed", streamId, connection.peer(), failure);
      refuse(RtmpError.DENIED, "Publishing is not possible now.");
    }
  }

  private void onAccepted(UnitSink granted) {
    if (!connection.isOpen()) {
      granted.close(false);
      return;
    }
    sink = granted;
    demuxer = new FlvDemuxer(context.demux(), System::nanoTime, this);
    countedDrops.clear();
    context.metrics().publishers(1);
    LOG.info("publishing: stream {} from {} ({})", streamId, connection.peer(), encoder);
    session.acceptPublish(this);
    connection.answered();
  }

  private void refuseLater(RtmpError error, String text) {
    connection.executeAfter(context.settings().refusalDelay(), () -> refuse(error, text));
  }

  private void refuse(RtmpError error, String text) {
    if (connection.isOpen() && session.awaitingAnswer()) {
      session.rejectPublish(error, text, this);
    }
  }

  @Override
  public void onMetadata(Map<String, Object> metadata) {
    if (sink != null) {
      demuxer.onMetaData(metadata);
      sink.declaredBitrate(demuxer.metadata().bitrateBps());
    }
  }

  @Override
  public void onAudio(long timestampMs, ByteBuffer body) {
    if (sink != null) {
      obey(demuxer.onAudio(timestampMs, body));
    }
  }

  @Override
  public void onVideo(long timestampMs, ByteBuffer body) {
    if (sink != null) {
      obey(demuxer.onVideo(timestampMs, body));
    }
  }

  private void obey(DemuxVerdict verdict) {
    if (verdict.close()) {
      session.endPublish(RtmpError.DENIED.status(), verdict.reason(), this);
      connection.end(CloseCause.BAD_MEDIA, LogText.escape(verdict.reason()));
    }
  }

  @Override
  public void unit(MediaUnit unit) {
    if (sink != null && !sink.offer(unit)) {
      connection.pause(RtmpConnection.Pause.SINK);
    }
  }

  @Override
  public void notice(String code, String text) {
    LOG.info("stream {}: {} ({})", streamId, LogText.escape(text), code);
  }

  @Override
  public void onUnpublish() {
    endPublish(true);
    connection.unpublished();
  }

  @Override
  public void onClose(RtmpError error, String reason) {
    CloseCause cause = error == RtmpError.BAD_NAME ? CloseCause.BAD_NAME : CloseCause.REFUSED;
    connection.end(cause, LogText.escape(reason));
  }

  /** The connection is over. */
  void closed() {
    endPublish(false);
  }

  private void endPublish(boolean clean) {
    if (sink == null) {
      return;
    }
    UnitSink last = sink;
    sink = null;
    countDrops();
    context.metrics().publishers(-1);
    last.close(clean);
  }

  /** Moves the demuxer's drops since the last call to the counters. */
  void countDrops() {
    if (demuxer == null) {
      return;
    }
    demuxer
        .dropped()
        .forEach(
            (reason, count) -> {
              Long before = countedDrops.put(reason, count);
              long more = count - (before == null ? 0 : before);
              if (more > 0) {
                context.metrics().droppedTags(reason, more);
              }
            });
  }
}
