package dev.lepton.supervisor.socketproxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of a call, each known to it, said once, and within its bounds. */
final class Query {

    private static final Set<String> YES = Set.of("1", "true");
    private static final Set<String> NO = Set.of("0", "false");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");
    private static final Pattern MOMENT = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?");

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param text what follows the question mark, null when there is none
     * @param known the parameters that the call has
     * @throws NotAllowed when there is another one, one twice, or one that cannot be decoded
     */
    static Query of(@Nullable String text, String... known) throws NotAllowed {
        Map<String, String> values = new HashMap<>();
        if (text != null) {
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                if (equals < 0 || !Set.of(known).contains(name)) {
                    throw new NotAllowed("no parameter '%s' here".formatted(name));
                }
                if (values.put(name, decoded(name, pair.substring(equals + 1))) != null) {
                    throw new NotAllowed("parameter '%s' is there twice".formatted(name));
                }
            }
        }
        return new Query(values);
    }

    @Nullable String text(String name) {
        return values.get(name);
    }

    boolean flag(String name) throws NotAllowed {
        String value = values.getOrDefault(name, "0");
        if (!YES.contains(value) && !NO.contains(value)) {
            throw new NotAllowed("parameter '%s' must be true or false".formatted(name));
        }
        return YES.contains(value);
    }

    @Nullable Integer number(String name, int most) throws NotAllowed {
        String value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!NUMBER.matcher(value).matches() || Integer.parseInt(value) > most) {
            throw new NotAllowed(
                    "parameter '%s' must be a number from 0 to %d".formatted(name, most));
        }
        return Integer.valueOf(value);
    }

    /** Seconds since 1970, with up to nine decimals. */
    @Nullable String moment(String name) throws NotAllowed {
        String value = values.get(name);
        if (value != null && !MOMENT.matcher(value).matches()) {
            throw new NotAllowed(
                    "parameter '%s' must be seconds since 1970, with at most nine decimals"
                            .formatted(name));
        }
        return value;
    }

    private static String decoded(String name, String text) throws NotAllowed {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            if (next != '%') {
                // A form's way to say a space, which the engine's reader knows as well.
                bytes.write(next == '+' ? ' ' : next);
                continue;
            }
            if (at + 2 >= text.length()
                    || !HexFormat.isHexDigit(text.charAt(at + 1))
                    || !HexFormat.isHexDigit(text.charAt(at + 2))) {
                throw new NotAllowed("parameter '%s' has a broken escape".formatted(name));
            }
            bytes.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
            at += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new NotAllowed("parameter '%s' is no UTF-8".formatted(name));
        }
    }
}
