package io.millrace.media.ladder;

/** Which rungs a source gets. */
public final class Ladder {
  /** Name of the rendition that carries the publisher's own picture. */
  public static final String SOURCE_NAME = "source";

  /** Name of the audio rendition. */
  public static final String AUDIO_NAME = "audio";

  private Ladder() {}
}
