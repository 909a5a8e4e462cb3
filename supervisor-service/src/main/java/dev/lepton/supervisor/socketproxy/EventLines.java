package dev.lepton.supervisor.socketproxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Passes events on as they happen, one a line, each as far as it may be told. */
final class EventLines {

    /** An event has all labels of its container, and the command line of a process in it. */
    static final int LONGEST_LINE = 256 * 1024;

    private static final Logger log = LoggerFactory.getLogger(EventLines.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final InputStream in;
    private final OutputStream out;
    private final Scope scope;

    EventLines(InputStream in, OutputStream out, Scope scope) {
        this.in = in;
        this.out = out;
        this.scope = scope;
    }

    /** Until there are no more. The last one is left out when its line has no end. */
    void pass() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int length = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                // The rest of one that is too long is read and forgotten.
                if (++length <= LONGEST_LINE) {
                    line.write(next);
                }
                continue;
            }
            if (length > LONGEST_LINE) {
                log.warn("left out an event of {} bytes: the most is {}", length, LONGEST_LINE);
            } else {
                pass(line.toByteArray());
            }
            line.reset();
            length = 0;
        }
    }

    private void pass(byte[] line) throws IOException {
        JsonNode event = parsed(line);
        JsonNode told = event == null ? null : Redaction.event(event, scope);
        if (told != null) {
            out.write((JSON.writeValueAsString(told) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static @Nullable JsonNode parsed(byte[] line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException _) {
            log.warn("left out an event of {} bytes that is no JSON", line.length);
            return null;
        }
    }
}
