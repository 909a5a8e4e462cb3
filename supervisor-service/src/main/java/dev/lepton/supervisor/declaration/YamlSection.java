package dev.lepton.supervisor.declaration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of a YAML file that is read key by key. What is wrong is written down with its place,
 * and reading goes on with the default, so that one pass finds all problems.
 */
final class YamlSection {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final int SHOWN = 60;

    private final String file;
    private final String title;
    private final List<Problem> problems;
    private final @Nullable Mark mark;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();

    /**
     * @param title how messages call the section, such as {@code services.worker}; empty for the
     *     whole file
     */
    YamlSection(String file, String title, Node node, List<Problem> problems) {
        this.file = file;
        this.title = title;
        this.problems = problems;
        this.mark = node.getStartMark();
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::add);
        } else {
            problem(
                    node,
                    "%s must be a mapping of keys to values, but is %s"
                            .formatted(title.isEmpty() ? "the file" : quoted(title), kind(node)));
        }
    }

    private void add(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problem(tuple.getKeyNode(), "a key must be a plain word");
            return;
        }
        if (values.containsKey(key.getValue())) {
            problem(key, "key '%s' stands here twice; keep one".formatted(shown(key.getValue())));
            return;
        }
        keys.put(key.getValue(), key);
        values.put(key.getValue(), tuple.getValueNode());
    }

    void refuseUnknownKeys(Set<String> known) {
        keys.forEach((key, node) -> {
            if (!known.contains(key)) {
                Set<String> sorted = new TreeSet<>(known);
                problem(
                        node,
                        "unknown key '%s'%s%s; the known ones are %s"
                                .formatted(
                                        shown(key),
                                        title.isEmpty() ? "" : " in " + quoted(title),
                                        NearestName.hint(key, sorted),
                                        String.join(", ", sorted)));
            }
        });
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Set<String> keys() {
        return keys.keySet();
    }

    /** The section under a key, null when there is none. */
    @Nullable YamlSection section(String key) {
        Node node = values.get(key);
        return node == null ? null : new YamlSection(file, path(key), node, problems);
    }

    /** Whether the value of a key is one word or number, not a list or a mapping. */
    boolean isScalar(String key) {
        return values.get(key) instanceof ScalarNode;
    }

    /** The text of a key; null when it is missing or no text. */
    @Nullable String text(String key) {
        Node node = values.get(key);
        return node == null ? null : scalar(path(key), node);
    }

    /** The texts of a list; null when the key is missing or no list. */
    @Nullable List<String> texts(String key) {
        Node node = values.get(key);
        if (node == null) {
            return null;
        }
        if (!(node instanceof SequenceNode sequence)) {
            problem(node, "%s must be a list, but is %s".formatted(quoted(path(key)), kind(node)));
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            String text = scalar("an item of " + path(key), item);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** One of the words of an enumeration, as {@code one-for-all} for {@code ONE_FOR_ALL}. */
    <E extends Enum<E>> E word(String key, Class<E> type, E otherwise) {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        Set<String> known = new TreeSet<>();
        for (E value : type.getEnumConstants()) {
            String word = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (word.equals(text)) {
                return value;
            }
            known.add(word);
        }
        problemAt(
                key,
                "'%s' '%s' must be one of %s%s"
                        .formatted(
                                path(key),
                                shown(text),
                                String.join(", ", known),
                                NearestName.hint(text, known)));
        return otherwise;
    }

    int number(String key, int min, int max, int otherwise) {
        Node node = values.get(key);
        String text = text(key);
        if (node == null || text == null) {
            return otherwise;
        }
        Integer value = wholeNumber(text);
        if (value == null || value < min || value > max) {
            problem(
                    node,
                    "%s %s must be a whole number from %d to %d"
                            .formatted(quoted(path(key)), shown(text), min, max));
            return otherwise;
        }
        return value;
    }

    Duration duration(String key, Duration min, Duration max, Duration otherwise) {
        Node node = values.get(key);
        String text = text(key);
        if (node == null || text == null) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(text);
        Duration value = matcher.matches() ? duration(matcher) : null;
        if (value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            problem(
                    node,
                    "%s %s must be a duration such as 500ms, 20s, 5m or 1h, from %s to %s"
                            .formatted(quoted(path(key)), shown(text), words(min), words(max)));
            return otherwise;
        }
        return value;
    }

    /** Notes a problem at the value of a key, else at the section's begin. */
    void problemAt(String key, String message) {
        Node node = values.get(key);
        problems.add(new Problem(where(node == null ? mark : node.getStartMark()), message));
    }

    /** Notes a problem at a key itself. */
    void problemAtKey(String key, String message) {
        Node node = keys.get(key);
        problems.add(new Problem(where(node == null ? mark : node.getStartMark()), message));
    }

    String title() {
        return title;
    }

    String path(String key) {
        return title.isEmpty() ? key : title + "." + key;
    }

    private void problem(Node node, String message) {
        problems.add(new Problem(where(node.getStartMark()), message));
    }

    private String where(@Nullable Mark at) {
        return at == null ? file : "%s:%d:%d".formatted(file, at.getLine() + 1, at.getColumn() + 1);
    }

    private @Nullable String scalar(String what, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            problem(
                    node,
                    "%s must be a single value, but is %s".formatted(quoted(what), kind(node)));
            return null;
        }
        if (Tag.NULL.equals(scalar.getTag())) {
            problem(node, "%s has no value".formatted(quoted(what)));
            return null;
        }
        if (scalar.getValue().indexOf('\0') >= 0) {
            problem(node, "%s must not contain a NUL character".formatted(quoted(what)));
            return null;
        }
        return scalar.getValue();
    }

    static @Nullable Integer wholeNumber(String text) {
        return text.matches("-?\\d{1,9}") ? Integer.valueOf(text) : null;
    }

    private static Duration duration(Matcher matcher) {
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static String words(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 3_600_000 == 0 && millis > 0) {
            return millis / 3_600_000 + "h";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    /** A value as it may stand in a message: cut, and without control characters. */
    static String shown(String text) {
        String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    private static String kind(Node node) {
        return switch (node) {
            case MappingNode _ -> "a mapping";
            case SequenceNode _ -> "a list";
            case ScalarNode scalar when Tag.NULL.equals(scalar.getTag()) -> "empty";
            case ScalarNode scalar -> "the value '" + shown(scalar.getValue()) + "'";
            default -> "something else";
        };
    }
}
