package io.millrace.testkit.hls;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares the frames that a rendition shows with those that were published. */
public final class FrameExactness {

  private FrameExactness() {}

  /**
   * The frames of one publisher's session, from its first IDR on.
   *
   * @param numbers frame numbers as sent, in any order; each once
   * @param mayMissAtEnd how many of the last ones need not be shown, each for itself: what an
   *     aborted connection had written and the server had not received; with B-frames, a frame may
   *     have been received before one that is shown before it
   */
  public record Session(List<Integer> numbers, int mayMissAtEnd) {
    public Session {
      numbers = numbers.stream().sorted().toList();
    }

    /** All frames must be shown. */
    public static Session of(List<Integer> numbers) {
      return new Session(numbers, 0);
    }
  }

  /**
   * The first difference of a rendition; empty: each frame exactly once and in order.
   *
   * @param sessions in order
   * @param shown in presentation order
   */
  public static Optional<String> firstDifference(List<Session> sessions, List<ShownFrame> shown) {
    int at = 0;
    for (int i = 0; i < sessions.size(); i++) {
      Session session = sessions.get(i);
      for (int k = 0; k < session.numbers().size(); k++) {
        if (at < shown.size() && shown.get(at).matches(session.numbers().get(k))) {
          at++;
        } else if (session.numbers().size() - k > session.mayMissAtEnd()) {
          return Optional.of(difference(i, session.numbers(), k, shown, at));
        }
      }
    }
    return at == shown.size()
        ? Optional.empty()
        : Optional.of((shown.size() - at) + " frames too many, the first is " + shown.get(at));
  }

  /**
   * How many of the last frames of each session are not shown, where {@link #firstDifference} finds
   * nothing.
   */
  public static List<Integer> lostAtEnds(List<Session> sessions, List<ShownFrame> shown) {
    List<Integer> lost = new ArrayList<>();
    int at = 0;
    for (Session session : sessions) {
      int matched = 0;
      for (int number : session.numbers()) {
        if (at < shown.size() && shown.get(at).matches(number)) {
          at++;
          matched++;
        }
      }
      lost.add(session.numbers().size() - matched);
    }
    return lost;
  }

  /**
   * @throws AssertionError naming the first difference of each video rendition that has one
   */
  public static void assertExact(Recording recording, List<Session> sessions) {
    List<String> differences = new ArrayList<>();
    for (RecordedRendition rendition : recording.video()) {
      List<ShownFrame> shown = RecordingVerifier.frames(rendition);
      firstDifference(sessions, shown).ifPresent(d -> differences.add(rendition.name() + ": " + d));
    }
    if (recording.video().isEmpty()) {
      differences.add("no video rendition");
    }
    if (!differences.isEmpty()) {
      throw new AssertionError(String.join("\n", differences));
    }
  }

  private static String difference(
      int session, List<Integer> numbers, int k, List<ShownFrame> shown, int at) {
    String expected = "session " + session + ": expected frame " + numbers.get(k);
    if (k > 0) {
      expected += " after " + numbers.get(k - 1);
    }
    if (at == shown.size()) {
      return expected + ", but the recording ends; " + (numbers.size() - k) + " are missing";
    }
    ShownFrame frame = shown.get(at);
    String meaning = "";
    if (frame.reading().isReadable()) {
      int later = numbers.subList(k, numbers.size()).indexOf(frame.reading().number());
      meaning = later > 0 ? " (" + later + " missing)" : " (repeated or out of order)";
    }
    return expected + ", shown " + frame + meaning;
  }
}
