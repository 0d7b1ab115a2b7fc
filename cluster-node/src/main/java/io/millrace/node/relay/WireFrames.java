package io.millrace.node.relay;

import io.millrace.media.Codec;
import io.millrace.media.MediaUnit;
import io.millrace.node.ingest.PublisherControl.CloseReason;
import io.millrace.protocol.relay.RelayException;
import io.millrace.protocol.relay.RelayLimits;
import io.millrace.protocol.relay.RelayMessage;
import io.millrace.protocol.relay.RelayWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Relay frames of one lease as frames of the data port and back. */
final class WireFrames {
  /** A codec's or a reason's code is its place here; new ones are added at the end. */
  private static final List<Codec> CODECS =
      List.of(
          Codec.H264,
          Codec.HEVC,
          Codec.AV1,
          Codec.AAC,
          Codec.OPUS,
          Codec.MP3,
          Codec.FLAC,
          Codec.AC3);

  /** By their number on the wire; 4 was another one and is not used again. */
  private static final List<CloseReason> REASONS =
      List.of(
          CloseReason.TAKEN_OVER,
          CloseReason.KICKED,
          CloseReason.REFUSED,
          CloseReason.NODE_STOPPING);

  private final long epoch;
  private final long session;

  WireFrames(LeaseKey lease) {
    this.epoch = lease.epoch();
    this.session = lease.session();
  }

  /** Hands {@code out} the bytes of a frame; a payload is not copied. */
  void write(RelayFrame frame, Consumer<ByteBuffer> out) {
    if (frame instanceof RelayFrame.Unit unit && fits(unit.unit())) {
      out.accept(RelayWriter.head(wireUnit(unit.unit())));
      out.accept(ByteBuffer.wrap(unit.unit().payload()));
    } else if (frame instanceof RelayFrame.Unit unit) {
      long seq = unit.unit().seq();
      out.accept(RelayWriter.frame(new RelayMessage.Dropped(epoch, session, seq, seq)));
    } else if (frame instanceof RelayFrame.Dropped d) {
      out.accept(
          RelayWriter.frame(new RelayMessage.Dropped(epoch, session, d.fromSeq(), d.toSeq())));
    } else if (frame instanceof RelayFrame.DeclaredBitrate d) {
      out.accept(
          RelayWriter.frame(new RelayMessage.DeclaredBitrate(epoch, session, d.bitsPerSecond())));
    } else if (frame instanceof RelayFrame.End end) {
      out.accept(RelayWriter.frame(new RelayMessage.End(epoch, session, end.clean())));
    }
  }

  private static boolean fits(MediaUnit unit) {
    return unit.payload().length <= RelayLimits.MAX_PAYLOAD;
  }

  private RelayMessage.Unit wireUnit(MediaUnit unit) {
    int flags =
        (unit.isConfig() ? RelayMessage.Unit.CONFIG : 0) | (unit.idr() ? RelayMessage.Unit.IDR : 0);
    return new RelayMessage.Unit(
        epoch,
        session,
        unit.seq(),
        CODECS.indexOf(unit.codec()),
        flags,
        unit.generation(),
        unit.dtsMs(),
        unit.compositionOffsetMs(),
        unit.payload());
  }

  ByteBuffer heartbeat() {
    return RelayWriter.frame(new RelayMessage.Heartbeat(epoch, session));
  }

  ByteBuffer acknowledged(long seq) {
    return RelayWriter.frame(new RelayMessage.Acknowledged(epoch, session, seq));
  }

  ByteBuffer ended(CloseReason reason, String text) {
    return RelayWriter.frame(new RelayMessage.Ended(epoch, session, REASONS.indexOf(reason), text));
  }

  ByteBuffer moved() {
    return RelayWriter.frame(new RelayMessage.Moved(epoch, session));
  }

  /**
   * @throws RelayException if the frame is not one of this lease
   */
  RelayMessage.InSession checked(RelayMessage message) throws RelayException {
    if (message instanceof RelayMessage.InSession frame
        && frame.epoch() == epoch
        && frame.session() == session) {
      return frame;
    }
    throw new RelayException(
        "frame: "
            + message.getClass().getSimpleName()
            + " (expected: one of epoch "
            + epoch
            + ", session "
            + session
            + ")");
  }

  /**
   * What the frame says to an owner; empty for a heartbeat.
   *
   * @throws RelayException if an ingest does not send such frames
   */
  static Optional<RelayFrame> forOwner(RelayMessage.InSession frame) throws RelayException {
    if (frame instanceof RelayMessage.Unit unit) {
      return Optional.of(new RelayFrame.Unit(mediaUnit(unit)));
    } else if (frame instanceof RelayMessage.Dropped d) {
      return Optional.of(new RelayFrame.Dropped(d.fromSeq(), d.toSeq()));
    } else if (frame instanceof RelayMessage.DeclaredBitrate d) {
      return Optional.of(new RelayFrame.DeclaredBitrate(d.bitsPerSecond()));
    } else if (frame instanceof RelayMessage.End end) {
      return Optional.of(new RelayFrame.End(end.clean()));
    } else if (frame instanceof RelayMessage.Heartbeat) {
      return Optional.empty();
    }
    throw unexpected(frame);
  }

  private static MediaUnit mediaUnit(RelayMessage.Unit unit) throws RelayException {
    if (unit.codec() >= CODECS.size()) {
      throw new RelayException("codec: " + unit.codec() + " (expected: a known one)");
    }
    Codec codec = CODECS.get(unit.codec());
    boolean config = (unit.flags() & RelayMessage.Unit.CONFIG) != 0;
    return new MediaUnit(
        unit.seq(),
        config ? MediaUnit.Kind.CONFIG : MediaUnit.Kind.FRAME,
        codec.track(),
        codec,
        unit.generation(),
        unit.dtsMs(),
        unit.compositionOffsetMs(),
        (unit.flags() & RelayMessage.Unit.IDR) != 0,
        unit.payload());
  }

  static CloseReason reason(RelayMessage.Ended ended) {
    return ended.reason() < REASONS.size() ? REASONS.get(ended.reason()) : CloseReason.REFUSED;
  }

  static RelayException unexpected(RelayMessage message) {
    return new RelayException(
        "frame: " + message.getClass().getSimpleName() + " (expected: not here)");
  }
}
