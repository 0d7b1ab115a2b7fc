package io.millrace.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.function.UnaryOperator;

/**
 * Messages as golden files hold them: references to actors name this process and become a constant,
 * bytes become text.
 */
public final class WireForms {
  private static final String REFERENCE = "pekko://reference";
  private static final String BYTES = "bytes:";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Deque<String> references = new ArrayDeque<>();

  /** The golden form; the references are remembered in their order. */
  public JsonNode golden(JsonNode wire) {
    return walk(wire, this::toGolden);
  }

  /** The wire form again. */
  public JsonNode wire(JsonNode golden) {
    return walk(golden, this::toWire);
  }

  private JsonNode toGolden(JsonNode value) {
    if (value.isBinary()) {
      return NODES.textNode(BYTES + value.asText());
    }
    if (value.asText().startsWith("pekko://")) {
      references.addLast(value.asText());
      return NODES.textNode(REFERENCE);
    }
    return value;
  }

  private JsonNode toWire(JsonNode value) {
    if (value.asText().equals(REFERENCE)) {
      return NODES.textNode(references.removeFirst());
    }
    return value.asText().startsWith(BYTES)
        ? NODES.binaryNode(Base64.getDecoder().decode(value.asText().substring(BYTES.length())))
        : value;
  }

  private static JsonNode walk(JsonNode node, UnaryOperator<JsonNode> change) {
    if (node.isObject()) {
      ObjectNode copy = NODES.objectNode();
      node.fields().forEachRemaining(f -> copy.set(f.getKey(), walk(f.getValue(), change)));
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = NODES.arrayNode();
      node.forEach(element -> copy.add(walk(element, change)));
      return copy;
    }
    return change.apply(node);
  }
}
