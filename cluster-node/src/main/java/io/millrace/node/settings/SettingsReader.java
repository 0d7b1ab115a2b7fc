package io.millrace.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Typed access to a sub-tree of the configuration. A value that breaks its rule does not throw: it
 * is noted as {@code path = value: rule} and replaced by a harmless one, so that all problems are
 * found in one pass; {@link #finish()} throws them together. Confined to one thread.
 */
final class SettingsReader {
  private final Config config;
  private final String prefix;
  private final List<String> problems;

  SettingsReader(Config root) {
    this(root, "", new ArrayList<>());
  }

  private SettingsReader(Config config, String prefix, List<String> problems) {
    this.config = config;
    this.prefix = prefix;
    this.problems = problems;
  }

  /** The sub-tree at {@code path}; problems go into the same list. */
  SettingsReader at(String path) {
    return new SettingsReader(config.getConfig(path), prefix + path + ".", problems);
  }

  /** One reader for each object of a list, named {@code path[0]}, {@code path[1]}, ... */
  List<SettingsReader> list(String path) {
    List<SettingsReader> readers = new ArrayList<>();
    try {
      for (Config element : config.getConfigList(path)) {
        String name = prefix + path + "[" + readers.size() + "].";
        readers.add(new SettingsReader(element, name, problems));
      }
    } catch (ConfigException.WrongType e) {
      problem(path, "must be a list of objects");
    }
    return readers;
  }

  String string(String path, Predicate<String> rule, String ruleText) {
    return read(path, config::getString, rule, ruleText, () -> "");
  }

  String string(String path) {
    return string(path, s -> true, "text");
  }

  /** Like {@link #string}, but a problem never shows the value. */
  String secret(String path, Predicate<String> rule, String ruleText) {
    String value = config.hasPath(path) ? config.getString(path) : "";
    if (rule.test(value)) {
      return value;
    }
    String shown = value.isEmpty() ? "(not set)" : "(hidden)";
    problems.add(prefix + path + " = " + shown + ": must be " + ruleText);
    return "";
  }

  /** A list of texts, or one text with commas. */
  List<String> strings(String path, Predicate<String> rule, String ruleText) {
    boolean list = config.getValue(path).valueType() == ConfigValueType.LIST;
    List<String> values =
        list ? config.getStringList(path) : Arrays.asList(config.getString(path).split(",", -1));
    List<String> given = values.stream().map(String::trim).filter(s -> !s.isEmpty()).toList();
    given.stream()
        .filter(rule.negate())
        .forEach(bad -> problems.add(prefix + path + " = " + bad + ": must be " + ruleText));
    return given.stream().filter(rule).distinct().toList();
  }

  boolean bool(String path) {
    return read(path, config::getBoolean, b -> true, "true or false", () -> false);
  }

  int integer(String path, int min, int max) {
    String rule = "a whole number from " + min + " to " + max;
    return read(path, config::getInt, n -> n >= min && n <= max, rule, () -> min);
  }

  double number(String path, double min, double max) {
    String rule = "a number from " + min + " to " + max;
    return read(path, config::getDouble, n -> n >= min && n <= max, rule, () -> min);
  }

  /** A duration with a unit, e.g. {@code 4s}. */
  Duration duration(String path, Duration min, Duration max) {
    String rule = "a duration with its unit, from " + text(min) + " to " + text(max);
    return read(
        path,
        config::getDuration,
        d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0,
        rule,
        () -> min);
  }

  /** A size such as {@code 8MiB}, in bytes. */
  long bytes(String path, long min, long max) {
    String rule = "a size from " + min + " to " + max + " bytes, e.g. 8MiB";
    return read(path, config::getBytes, n -> n >= min && n <= max, rule, () -> min);
  }

  /** Bits per second: a number with an optional {@code k} or {@code M}, e.g. {@code 2800k}. */
  int bitrateBps(String path, int min, int max) {
    String rule = "bits per second from " + min + " to " + max + ", e.g. 2800k";
    return read(
        path, p -> parseBitrate(config.getString(p)), n -> n >= min && n <= max, rule, () -> min);
  }

  /** An object whose values are whole numbers. */
  Map<String, Integer> integers(String path, int min, int max) {
    Map<String, Integer> values = new TreeMap<>();
    SettingsReader object = at(path);
    for (String key : config.getObject(path).keySet()) {
      values.put(key, object.integer(ConfigUtil.quoteString(key), min, max));
    }
    return values;
  }

  <E extends Enum<E>> E oneOf(String path, Class<E> type) {
    E[] values = type.getEnumConstants();
    String rule =
        "one of " + String.join(", ", Arrays.stream(values).map(SettingsReader::text).toList());
    Function<String, E> find =
        p ->
            Arrays.stream(values)
                .filter(v -> text(v).equals(config.getString(p)))
                .findFirst()
                .orElse(null);
    return read(path, find, v -> v != null, rule, () -> values[0]);
  }

  /** Notes a problem that concerns {@code path} and that only the caller can see. */
  void problem(String path, String rule) {
    String value =
        config.hasPath(path) ? config.getValue(path).unwrapped().toString() : "(not set)";
    problems.add(prefix + path + " = " + value + ": " + rule);
  }

  /** Whether there is no problem so far, so that rules between several keys can be checked. */
  boolean isSound() {
    return problems.isEmpty();
  }

  /** Builds a record whose own constructor checks rules across fields. */
  <T> T build(String path, Supplier<T> constructor, T instead) {
    if (!problems.isEmpty()) {
      return instead;
    }
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      problems.add(
          (path.isEmpty() ? prefix.replaceAll("\\.$", "") : prefix + path) + ": " + e.getMessage());
      return instead;
    }
  }

  /** Notes every key below {@code millrace} that {@code reference} does not know. */
  void unknownKeys(Config given, Config reference) {
    given.entrySet().stream()
        .map(Map.Entry::getKey)
        .filter(key -> !reference.hasPathOrNull(key) && !insideList(reference, key))
        .sorted()
        .forEach(key -> problems.add(key + ": unknown key"));
  }

  void finish() {
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }

  private <T> T read(
      String path,
      Function<String, T> get,
      Predicate<T> rule,
      String ruleText,
      Supplier<T> instead) {
    try {
      T value = get.apply(path);
      if (rule.test(value)) {
        return value;
      }
    } catch (ConfigException | NumberFormatException e) {
      // The message below names the path, the value and the rule; the parser's adds nothing to it.
    }
    problem(path, "must be " + ruleText);
    return instead.get();
  }

  private static boolean insideList(Config reference, String key) {
    List<String> elements = ConfigUtil.splitPath(key);
    for (int n = 1; n < elements.size(); n++) {
      String parent = ConfigUtil.joinPath(elements.subList(0, n));
      if (reference.hasPath(parent) && isFreeForm(reference.getValue(parent))) {
        return true;
      }
    }
    return false;
  }

  /** A list, or an object without keys of its own: what is inside is read by its user. */
  private static boolean isFreeForm(ConfigValue value) {
    return value.valueType() == ConfigValueType.LIST
        || (value instanceof ConfigObject object && object.isEmpty());
  }

  private static int parseBitrate(String text) {
    String digits = text.trim();
    double factor = 1;
    if (digits.endsWith("k")) {
      factor = 1e3;
    } else if (digits.endsWith("M")) {
      factor = 1e6;
    }
    if (factor > 1) {
      digits = digits.substring(0, digits.length() - 1).trim();
    }
    double bps = Double.parseDouble(digits) * factor;
    if (!(bps >= 0 && bps <= Integer.MAX_VALUE)) {
      throw new NumberFormatException(text);
    }
    return (int) Math.round(bps);
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String text(Duration d) {
    return d.toMillis() % 1000 == 0 ? d.toSeconds() + "s" : d.toMillis() + "ms";
  }
}
