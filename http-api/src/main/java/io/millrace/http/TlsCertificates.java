package io.millrace.http;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate in use. When its files change, new handshakes get the new one, while connections
 * that exist go on; files that cannot be used are reported once and change nothing. One thread
 * waits for the file system; any thread may ask for engines.
 */
final class TlsCertificates implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsCertificates.class);

  /** Certificate and key are replaced one after the other. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  /** Something else may be written in the same directory all the time. */
  private static final Duration MAX_SETTLE = Duration.ofSeconds(5);

  private final TlsSettings settings;
  private final WatchService watcher;
  private volatile TlsIdentity current;
  private String reported = "";
  private Set<WatchKey> watched = Set.of();

  private TlsCertificates(TlsSettings settings, WatchService watcher) {
    this.settings = settings;
    this.watcher = watcher;
  }

  /**
   * Reads the files and watches them from now on.
   *
   * @throws TlsException if they cannot be used
   * @throws IOException if they cannot be watched
   */
  static TlsCertificates open(TlsSettings settings) throws IOException {
    WatchService watcher = settings.certificate().getFileSystem().newWatchService();
    TlsCertificates certificates = new TlsCertificates(settings, watcher);
    try {
      certificates.watchWhereTheFilesAreNow();
      certificates.current = TlsIdentity.load(settings);
    } catch (IOException e) {
      certificates.close();
      throw e;
    }
    Thread thread = new Thread(certificates::watch, "millrace-certificates");
    thread.setDaemon(true);
    thread.start();
    return certificates;
  }

  /** Links that were replaced lead to other directories than before. */
  private void watchWhereTheFilesAreNow() throws IOException {
    Set<WatchKey> needed = new HashSet<>();
    for (Path file : List.of(settings.certificate(), settings.key())) {
      for (Path directory : LinkTrail.directories(file)) {
        needed.add(
            directory.register(
                watcher,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE));
      }
    }
    watched.stream().filter(key -> !needed.contains(key)).forEach(WatchKey::cancel);
    watched = needed;
  }

  SSLEngine engine() {
    return current.engine();
  }

  private void watch() {
    try {
      while (true) {
        awaitChanges();
        reload();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      LOG.debug("https: certificates are not watched any more");
    }
  }

  private void awaitChanges() throws InterruptedException {
    WatchKey key = watcher.take();
    long firstNanos = System.nanoTime();
    while (key != null) {
      key.pollEvents();
      key.reset();
      boolean busy = System.nanoTime() - firstNanos > MAX_SETTLE.toNanos();
      key = busy ? null : watcher.poll(SETTLE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void reload() {
    try {
      watchWhereTheFilesAreNow();
      TlsIdentity next = TlsIdentity.load(settings);
      reported = "";
      if (!next.isSameAs(current)) {
        current = next;
        LOG.info("https: new certificate: {}", next);
      }
    } catch (IOException e) {
      if (!reported.equals(e.getMessage())) {
        reported = e.getMessage();
        LOG.warn("https: the certificate in use stays: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() throws IOException {
    watcher.close();
  }
}
