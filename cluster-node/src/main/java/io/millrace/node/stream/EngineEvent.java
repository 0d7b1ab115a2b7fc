package io.millrace.node.stream;

import io.millrace.media.MediaPart;
import io.millrace.media.MediaSegment;
import io.millrace.media.Presentation;
import io.millrace.media.segment.PipelineNotice;
import io.millrace.media.segment.PipelineState;
import io.millrace.media.segment.PipelineStatus;

/** What the media side of a stream tells its actor; local only, in order. */
public sealed interface EngineEvent {

  record Presented(Presentation presentation) implements EngineEvent {}

  record InitMade(String rendition, String name, byte[] bytes) implements EngineEvent {}

  record PartMade(MediaPart part) implements EngineEvent {}

  record SegmentMade(MediaSegment segment) implements EngineEvent {}

  /** The segment's object is in the store; {@code state} contains it. */
  record SegmentStored(String rendition, long msn, PipelineState state) implements EngineEvent {}

  /** The way to the publisher of this session broke; its relay may come back and go on. */
  record RelayLost(long session) implements EngineEvent {}

  /** The publisher of this session is gone. */
  record SessionOver(long session) implements EngineEvent {}

  /** The pipeline refuses the publish; the text is for the broadcaster. */
  record SessionRefused(long session, String text) implements EngineEvent {}

  enum WorkerNeeded implements EngineEvent {
    INSTANCE
  }

  record Noticed(PipelineNotice notice) implements EngineEvent {}

  record StatusTaken(PipelineStatus status) implements EngineEvent {}

  /** The pipeline broke; the stream is rebuilt from its state. */
  record Failed(Throwable cause) implements EngineEvent {}
}
