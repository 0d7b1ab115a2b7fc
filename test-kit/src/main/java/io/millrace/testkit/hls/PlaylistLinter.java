package io.millrace.testkit.hls;

import io.millrace.testkit.hls.MediaPlaylist.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges what is served of one stream by the rules H1 to H20 and L1 to L9: each playlist by itself,
 * its versions in sequence, its renditions beside each other, and the same rendition from several
 * nodes.
 *
 * <p>Thread-safe; every violation is reported once. The rules are the constants of {@link
 * VersionRule}, {@link EditRule}, {@link AlignmentRule}, {@link MultivariantRule}, {@link
 * LowLatencyRule}, {@link PartEditRule}, and the classes {@link NodeView} (H6), {@link
 * MultivariantHistory} (H13) and {@link ResponseRules}.
 */
public final class PlaylistLinter {

  private final Duration timingTolerance;
  private final TreeMap<String, RenditionHistory> renditions = new TreeMap<>();
  private final MultivariantHistory multivariant = new MultivariantHistory();
  private final ResponseRules responses = new ResponseRules(this);
  private final Set<Violation> violations = new LinkedHashSet<>();
  private boolean reconnecting;

  /**
   * @param timingTolerance how late an observer may see a new version: its reload interval plus the
   *     network (rule H6)
   */
  public PlaylistLinter(Duration timingTolerance) {
    this.timingTolerance = timingTolerance;
  }

  /**
   * One version as it was received, from any node.
   *
   * @param url of the playlist; {@code RENDITION/index.m3u8} is enough in unit tests
   * @return what this version newly breaks
   */
  public synchronized List<Violation> observe(String url, Instant receivedAt, String text) {
    ResourceName name = ResourceName.of(url);
    Findings findings = new Findings(name.rendition());
    try {
      ParsedPlaylist playlist = PlaylistParser.parse(text);
      if (playlist instanceof MediaPlaylist media) {
        observeMedia(name, receivedAt, whole(name, media), findings);
      } else {
        findings = new Findings("");
        observeMultivariant((MultivariantPlaylist) playlist, findings);
      }
    } catch (PlaylistSyntaxException e) {
      findings.add(e.ruleId(), e.getMessage());
    }
    return findings.fresh;
  }

  /** While true, rule H6 is not applied: the publisher is away. */
  public synchronized void reconnecting(boolean nowReconnecting) {
    reconnecting = nowReconnecting;
    renditions.values().forEach(RenditionHistory::forgetGrowth);
  }

  /** What a GET of any resource of the stream answered. */
  public synchronized List<Violation> response(ObservedResponse response) {
    Findings findings = new Findings(ResourceName.of(response.url()).rendition());
    responses.check(response, findings);
    return findings.fresh;
  }

  /** All violations so far, in the order of their discovery. */
  public synchronized List<Violation> violations() {
    return List.copyOf(violations);
  }

  MultivariantHistory multivariant() {
    return multivariant;
  }

  RenditionHistory rendition(String name) {
    return renditions.computeIfAbsent(name, RenditionHistory::new);
  }

  private void observeMultivariant(MultivariantPlaylist playlist, Findings findings) {
    for (MultivariantRule rule : MultivariantRule.values()) {
      rule.check(playlist, findings);
    }
    multivariant.accept(playlist, findings);
  }

  /** A delta update with the segments that it leaves out. */
  private MediaPlaylist whole(ResourceName name, MediaPlaylist playlist)
      throws PlaylistSyntaxException {
    List<Segment> skipped = new ArrayList<>();
    for (int i = 0; i < playlist.lowLatency().skipped(); i++) {
      Segment known = rendition(name.rendition()).segment(playlist.mediaSequence() + i);
      if (known == null) {
        throw new PlaylistSyntaxException(
            "L7", "skips segment " + (playlist.mediaSequence() + i) + ", which was never listed");
      }
      skipped.add(known.withoutParts());
    }
    return playlist.merged(skipped);
  }

  private void observeMedia(
      ResourceName name, Instant at, MediaPlaylist playlist, Findings findings) {
    for (VersionRule rule : VersionRule.values()) {
      rule.check(playlist, findings);
    }
    for (LowLatencyRule rule : LowLatencyRule.values()) {
      rule.check(playlist, findings);
    }
    RenditionHistory history = rendition(name.rendition());
    NodeView node = history.node(name.node());
    checkReports(name.rendition(), node, playlist, findings);
    node.seenAt(at);
    for (EditRule rule : EditRule.values()) {
      if (rule.broken(history, node, playlist, findings)) {
        node.accept(playlist, at);
        return;
      }
    }
    if (reconnecting) {
      node.forgetGrowth();
    }
    if (node.lastOfParts() != null) {
      for (PartEditRule rule : PartEditRule.values()) {
        rule.check(node.lastOfParts(), playlist, findings);
      }
    }
    node.checkInterval(playlist, at, timingTolerance, findings);
    history.accept(name.node(), playlist, at);
    checkAcross(history, playlist, findings);
  }

  /**
   * Rule L9: one for each other rendition that had parts when the version before was seen: a
   * version has the reports that were known when it was made.
   */
  private void checkReports(
      String rendition, NodeView node, MediaPlaylist playlist, Findings findings) {
    if (playlist.lowLatency().partTargetSeconds().isEmpty()
        || playlist.ended()
        || playlist.equals(node.last())) {
      return;
    }
    for (String other : node.othersWithParts()) {
      if (!playlist.lowLatency().reports().containsKey("../" + other + "/index.m3u8")) {
        findings.add("L9", "no RENDITION-REPORT of " + other);
      }
    }
    node.othersWithParts(
        renditions.values().stream()
            .filter(other -> !other.name().equals(rendition) && other.hasParts())
            .map(RenditionHistory::name)
            .toList());
  }

  private void checkAcross(RenditionHistory history, MediaPlaylist playlist, Findings findings) {
    for (RenditionHistory other : renditions.values()) {
      if (other != history) {
        checkPair(history, other, playlist, findings);
      }
    }
    for (Segment s : playlist.segments()) {
      if (isGapEverywhere(s.msn())) {
        findings.add("H16", "all video renditions have a GAP at " + s.msn());
      }
    }
  }

  private void checkPair(
      RenditionHistory history, RenditionHistory other, MediaPlaylist playlist, Findings findings) {
    boolean audio = multivariant.isAudio(history.name()) || multivariant.isAudio(other.name());
    if (other.targetDurationSeconds().isPresent()
        && playlist.targetDurationSeconds().isPresent()
        && !other.targetDurationSeconds().equals(playlist.targetDurationSeconds())) {
      findings.add("H14", "TARGETDURATION differs from that of " + other.name());
    }
    for (Segment s : playlist.segments()) {
      Segment same = other.segment(s.msn());
      if (same != null) {
        checkSameNumber(s, same, other.name(), audio, findings);
      }
    }
  }

  private static void checkSameNumber(
      Segment s, Segment same, String otherName, boolean audio, Findings findings) {
    for (AlignmentRule rule : AlignmentRule.values()) {
      if (rule.broken(s, same, audio)) {
        findings.add(rule.id(), rule + " at " + s.msn() + " not as in " + otherName);
        return;
      }
    }
  }

  private boolean isGapEverywhere(long msn) {
    return !multivariant.video().isEmpty()
        && multivariant.video().stream()
            .map(name -> rendition(name).segment(msn))
            .allMatch(s -> s != null && s.gap());
  }

  /** Adds to the linter's violations; keeps the new ones of one call apart. */
  private final class Findings implements Report {
    private final List<Violation> fresh = new ArrayList<>();
    private final String playlist;

    private Findings(String playlist) {
      this.playlist = playlist;
    }

    @Override
    public void add(String ruleId, String text) {
      Violation violation = new Violation(ruleId, playlist, text);
      if (violations.add(violation)) {
        fresh.add(violation);
      }
    }
  }
}
