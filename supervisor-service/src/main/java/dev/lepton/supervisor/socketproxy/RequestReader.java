package dev.lepton.supervisor.socketproxy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the head of one HTTP/1.1 or 1.0 request (RFC 9112), and takes none of the liberties that it
 * allows a reader: lines end in CR LF alone, nothing is folded, what frames a body is said once.
 */
final class RequestReader {

    private static final int LONGEST_LINE = 8192;
    private static final int MOST_HEADERS = 64;
    private static final int LARGEST_HEAD = 16_384;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern REQUEST_LINE =
            Pattern.compile("(" + TOKEN + ") ([!-~]+) HTTP/1\\.[01]");
    private static final Pattern HEADER = Pattern.compile("(" + TOKEN + "):[ \t]*(.*?)[ \t]*");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final Set<String> ONCE = Set.of("host", "content-length", "transfer-encoding");

    private final InputStream in;
    private int size;

    RequestReader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads no further than the empty line.
     *
     * @throws MalformedRequest when it is not exactly one, or too long
     */
    RequestHead read() throws IOException, MalformedRequest {
        Matcher line = REQUEST_LINE.matcher(line());
        if (!line.matches()) {
            throw new MalformedRequest(
                    "the first line must be METHOD TARGET HTTP/1.1, with one space between each");
        }
        Map<String, List<String>> headers = headers();
        check(headers);
        return new RequestHead(line.group(1), line.group(2), headers);
    }

    private Map<String, List<String>> headers() throws IOException, MalformedRequest {
        Map<String, List<String>> headers = new HashMap<>();
        int count = 0;
        for (String text = line(); !text.isEmpty(); text = line()) {
            Matcher header = HEADER.matcher(text);
            if (!header.matches()) {
                throw new MalformedRequest(
                        "header line %d is not NAME: VALUE".formatted(count + 1));
            }
            if (++count > MOST_HEADERS) {
                throw new MalformedRequest("more than %d header lines".formatted(MOST_HEADERS));
            }
            headers.computeIfAbsent(
                            header.group(1).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(header.group(2));
        }
        return headers;
    }

    private static void check(Map<String, List<String>> headers) throws MalformedRequest {
        for (String name : ONCE) {
            if (headers.getOrDefault(name, List.of()).size() > 1) {
                throw new MalformedRequest("'%s' is there twice".formatted(name));
            }
        }
        if (!headers.containsKey("host")) {
            throw new MalformedRequest("'host' is missing");
        }
        if (headers.containsKey("content-length") && headers.containsKey("transfer-encoding")) {
            throw new MalformedRequest("both 'content-length' and 'transfer-encoding'");
        }
        for (String length : headers.getOrDefault("content-length", List.of())) {
            if (!LENGTH.matcher(length).matches()) {
                throw new MalformedRequest("'content-length' is no number");
            }
        }
    }

    /** Without its end. */
    private String line() throws IOException, MalformedRequest {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = next();
            if (next == '\r') {
                if (next() != '\n') {
                    throw new MalformedRequest("a CR without its LF");
                }
                return line.toString();
            }
            if (next != '\t' && (next < ' ' || next > '~')) {
                throw new MalformedRequest(
                        "byte 0x%02x, which is neither visible ASCII nor the end of a line"
                                .formatted(next));
            }
            line.append((char) next);
            if (line.length() > LONGEST_LINE) {
                throw new MalformedRequest("a line of more than %d bytes".formatted(LONGEST_LINE));
            }
        }
    }

    private int next() throws IOException, MalformedRequest {
        int next = in.read();
        if (next < 0) {
            throw new MalformedRequest("it ends within its head");
        }
        if (++size > LARGEST_HEAD) {
            throw new MalformedRequest("a head of more than %d bytes".formatted(LARGEST_HEAD));
        }
        return next;
    }
}
