package io.millrace.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The directories in which a change can make a path mean another file: the one that holds the file,
 * and those that hold the symbolic links on the way there, of the file or of its directories. Of
 * one that does not exist at the moment, the nearest above it that does.
 */
final class LinkTrail {
  private static final int MAX_LINKS = 40;

  private final Set<Path> directories = new LinkedHashSet<>();
  private final Deque<Path> ahead = new ArrayDeque<>();
  private Path reached;
  private int links;

  private LinkTrail(Path file) {
    enter(file.toAbsolutePath());
  }

  /**
   * @throws IOException if the links cannot be read, or lead to each other
   */
  static Set<Path> directories(Path file) throws IOException {
    LinkTrail trail = new LinkTrail(file);
    while (!trail.ahead.isEmpty()) {
      trail.step(trail.ahead.pop());
    }
    trail.add(trail.reached.getParent());
    return trail.directories;
  }

  /** Goes on at the start of this path: the root if it has one. */
  private void enter(Path path) {
    if (path.isAbsolute()) {
      reached = path.getRoot();
    }
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      ahead.push(path.getName(i));
    }
  }

  private void step(Path name) throws IOException {
    if (name.toString().equals("..")) {
      reached = reached.getParent() == null ? reached : reached.getParent();
      return;
    }
    Path next = reached.resolve(name).normalize();
    if (!Files.isSymbolicLink(next)) {
      reached = next;
      return;
    }
    if (++links > MAX_LINKS) {
      throw new IOException(next + ": more than " + MAX_LINKS + " links");
    }
    add(reached);
    enter(Files.readSymbolicLink(next));
  }

  private void add(Path directory) {
    Path existing = directory;
    while (existing != null && !Files.isDirectory(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    if (existing != null) {
      directories.add(existing);
    }
  }
}
