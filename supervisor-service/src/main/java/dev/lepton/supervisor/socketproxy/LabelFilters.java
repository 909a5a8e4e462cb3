package dev.lepton.supervisor.socketproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The parameter {@code filters} of the engine's lists: JSON, of which labels are understood. */
final class LabelFilters {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private LabelFilters() {}

    /**
     * The labels that the client asks for.
     *
     * @param others filters that may be there as well, with the only value that they may have
     */
    static List<String> labels(@Nullable String filters, Map<String, String> others)
            throws NotAllowed {
        if (filters == null) {
            return List.of();
        }
        JsonNode tree = tree(filters);
        List<String> labels = new ArrayList<>();
        for (Map.Entry<String, JsonNode> filter : tree.properties()) {
            List<String> values = texts(filter.getKey(), filter.getValue());
            if (filter.getKey().equals("label")) {
                labels.addAll(values);
            } else if (!others.containsKey(filter.getKey())
                    || !Set.of(others.get(filter.getKey())).equals(Set.copyOf(values))) {
                throw new NotAllowed("no filter '%s' here".formatted(shown(filter.getKey())));
            }
        }
        return labels;
    }

    /** As the engine reads them. */
    static String text(Map<String, List<String>> filters) {
        return JSON.writeValueAsString(filters);
    }

    private static JsonNode tree(String text) throws NotAllowed {
        try {
            JsonNode tree = JSON.readTree(text);
            if (tree.isObject()) {
                return tree;
            }
        } catch (JacksonException _) {
            // Its words would only tell the sender what it sent.
        }
        throw new NotAllowed("parameter 'filters' must be one JSON object");
    }

    private static List<String> texts(String filter, JsonNode values) throws NotAllowed {
        if (!values.isArray() || !values.valueStream().allMatch(JsonNode::isString)) {
            throw new NotAllowed("filter '%s' must be a list of texts".formatted(shown(filter)));
        }
        return values.valueStream().map(JsonNode::asString).toList();
    }

    private static String shown(String text) {
        return text.replaceAll("[^!-~]", "?");
    }
}
