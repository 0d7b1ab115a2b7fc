package io.millrace.http;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.LinkedHashSet;
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

  private final TlsSettings settings;
  private final WatchService watcher;
  private volatile TlsIdentity current;
  private String reported = "";

  private TlsCertificates(TlsSettings settings, TlsIdentity first, WatchService watcher) {
    this.settings = settings;
    this.current = first;
    this.watcher = watcher;
  }

  /**
   * Reads the files and watches them from now on.
   *
   * @throws TlsException if they cannot be used
   * @throws IOException if they cannot be watched
   */
  static TlsCertificates open(TlsSettings settings) throws IOException {
    TlsIdentity first = TlsIdentity.load(settings);
    WatchService watcher = settings.certificate().getFileSystem().newWatchService();
    for (Path directory : directories(settings)) {
      directory.register(
          watcher,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    }
    TlsCertificates certificates = new TlsCertificates(settings, first, watcher);
    Thread thread = new Thread(certificates::watch, "millrace-certificates");
    thread.setDaemon(true);
    thread.start();
    return certificates;
  }

  /** Of the files, and of what they are links to: either may be replaced. */
  private static Set<Path> directories(TlsSettings settings) throws IOException {
    Set<Path> directories = new LinkedHashSet<>();
    for (Path file : List.of(settings.certificate(), settings.key())) {
      directories.add(file.toAbsolutePath().getParent());
      directories.add(file.toRealPath().getParent());
    }
    return directories;
  }

  SSLEngine engine() {
    return current.engine();
  }

  private void watch() {
    try {
      while (true) {
        WatchKey key = watcher.take();
        while (key != null) {
          key.pollEvents();
          if (!key.reset()) {
            LOG.warn("https: {} is gone and not watched any more", key.watchable());
          }
          key = watcher.poll(SETTLE.toMillis(), TimeUnit.MILLISECONDS);
        }
        reload();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      LOG.debug("https: certificates are not watched any more");
    }
  }

  private void reload() {
    try {
      TlsIdentity next = TlsIdentity.load(settings);
      reported = "";
      if (!next.isSameAs(current)) {
        current = next;
        LOG.info("https: new certificate: {}", next);
      }
    } catch (TlsException e) {
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
