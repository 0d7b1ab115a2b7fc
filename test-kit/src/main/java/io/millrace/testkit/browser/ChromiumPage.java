package io.millrace.testkit.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One page in a headless Chromium of its own (fresh profile), driven through the DevTools protocol.
 * Closing ends the browser and deletes the profile. Needs the {@code chromium} program.
 */
public final class ChromiumPage implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START_DEADLINE = Duration.ofSeconds(40);
  private static final Duration CALL_DEADLINE = Duration.ofSeconds(30);

  private final Process browser;
  private final Path profile;
  private final DevTools devTools;

  private ChromiumPage(Process browser, Path profile, DevTools devTools) {
    this.browser = browser;
    this.profile = profile;
    this.devTools = devTools;
  }

  /** The program, if this machine has it. */
  public static Optional<Path> program() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts the browser with an empty page of this size in CSS pixels.
   *
   * @throws AssertionError if it does not answer within 40 s
   */
  public static ChromiumPage open(int width, int height) throws IOException {
    Path program = program().orElseThrow(() -> new IOException("no chromium on this machine"));
    Path profile = Files.createTempDirectory("millrace-chromium");
    Process browser = start(program, profile, width, height);
    try {
      int port = awaitPort(browser, profile);
      DevTools devTools = new DevTools(awaitPageAddress(port), START_DEADLINE);
      ChromiumPage page = new ChromiumPage(browser, profile, devTools);
      page.call("Page.enable", JSON.createObjectNode());
      page.call("Runtime.enable", JSON.createObjectNode());
      page.call("Emulation.setDeviceMetricsOverride", viewport(width, height));
      return page;
    } catch (IOException | AssertionError e) {
      browser.destroyForcibly();
      throw e;
    }
  }

  /** The window alone does not do it: it includes a toolbar and has a least width. */
  private static ObjectNode viewport(int width, int height) {
    return JSON.createObjectNode()
        .put("width", width)
        .put("height", height)
        .put("deviceScaleFactor", 1)
        .put("mobile", false);
  }

  /** Loads an address and waits until its document is complete. */
  public void navigate(URI address) throws IOException {
    JsonNode result = call("Page.navigate", JSON.createObjectNode().put("url", address.toString()));
    if (result.has("errorText")) {
      throw new IOException(address + ": " + result.get("errorText").asText());
    }
    Await.until(
        address + " is loaded",
        CALL_DEADLINE,
        () ->
            evaluate("document.readyState").asText().equals("complete")
                && !evaluate("location.href").asText().equals("about:blank"));
  }

  /**
   * Value of a JavaScript expression as JSON; a promise is awaited; {@code undefined} is a missing
   * node.
   *
   * @throws IOException if the expression throws, with its text
   */
  public JsonNode evaluate(String expression) throws IOException {
    ObjectNode parameters =
        JSON.createObjectNode()
            .put("expression", expression)
            .put("returnByValue", true)
            .put("awaitPromise", true)
            .put("userGesture", true);
    JsonNode answer = call("Runtime.evaluate", parameters);
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /** Writes what the page shows as a PNG. */
  public void screenshot(Path file) throws IOException {
    JsonNode answer = call("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    Files.write(file, Base64.getDecoder().decode(answer.get("data").asText()));
  }

  /** Console output and uncaught errors as protocol JSON, oldest first. */
  public List<String> console() {
    return List.copyOf(devTools.console());
  }

  @Override
  public void close() {
    devTools.close();
    List<ProcessHandle> all = new ArrayList<>(browser.descendants().toList());
    browser.destroy();
    try {
      if (!browser.waitFor(5, TimeUnit.SECONDS)) {
        browser.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
      all.forEach(ProcessHandle::destroyForcibly);
      Await.until("browser is gone", Duration.ofSeconds(10), () -> deleteProfile(profile));
    } catch (InterruptedException e) {
      browser.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode call(String method, ObjectNode parameters) throws IOException {
    return devTools.call(method, parameters, CALL_DEADLINE);
  }

  private static Process start(Path program, Path profile, int width, int height)
      throws IOException {
    List<String> command =
        List.of(
            program.toString(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--autoplay-policy=no-user-gesture-required",
            "--hide-scrollbars",
            "--user-data-dir=" + profile,
            "--window-size=" + width + "," + height,
            "--remote-debugging-port=0",
            "about:blank");
    File log = profile.resolve("browser.log").toFile();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
  }

  private static int awaitPort(Process browser, Path profile) {
    Path file = profile.resolve("DevToolsActivePort");
    return Await.value(
        "chromium opens its debugging port",
        START_DEADLINE,
        () -> {
          if (!browser.isAlive() || !Files.exists(file)) {
            return Optional.empty();
          }
          List<String> lines = Files.readAllLines(file);
          return lines.size() < 2 ? Optional.empty() : Optional.of(Integer.valueOf(lines.get(0)));
        });
  }

  private static URI awaitPageAddress(int port) {
    URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
    return Await.value(
        "chromium shows its page",
        START_DEADLINE,
        () -> {
          for (JsonNode target : JSON.readTree(list.toURL())) {
            if (target.path("type").asText().equals("page")) {
              return Optional.of(URI.create(target.get("webSocketDebuggerUrl").asText()));
            }
          }
          return Optional.empty();
        });
  }

  /** True when nothing is left; a dying browser may still write. */
  private static boolean deleteProfile(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return true;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return !Files.exists(directory);
  }
}
