package dev.lepton.supervisor.socketproxy;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request as far as its empty line.
 *
 * @param target as it was sent, of visible ASCII characters
 * @param headers their values in order, by their names in lower case
 */
record RequestHead(String method, String target, Map<String, List<String>> headers) {

    RequestHead {
        headers = Map.copyOf(headers);
    }

    boolean has(String header) {
        return headers.containsKey(header);
    }

    List<String> values(String header) {
        return headers.getOrDefault(header, List.of());
    }

    /** Whether a header that is a list, in one or several lines, has this member. */
    boolean lists(String header, String member) {
        return values(header).stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).equals(member));
    }
}
