package dev.lepton.client.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of server-sent events (WHATWG HTML, section 9.2.6) into frames, however its bytes
 * arrive. Refuses a line, and a frame, longer than its bound.
 */
final class SseParser {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final int maxBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String event = "";
    private @Nullable String id;
    private boolean afterCarriageReturn;
    private boolean firstLine = true;

    /**
     * @param maxBytes of one line, and characters of one frame's data
     */
    SseParser(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The frames that are complete with these bytes. */
    List<Frame> feed(ByteBuffer bytes) throws IOException {
        List<Frame> frames = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            boolean secondHalfOfLineEnd = afterCarriageReturn && next == '\n';
            afterCarriageReturn = next == '\r';
            if (secondHalfOfLineEnd) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                endLine(frames);
            } else {
                if (line.size() >= maxBytes) {
                    throw new IOException("a line is longer than " + maxBytes + " bytes");
                }
                line.write(next);
            }
        }
        return frames;
    }

    private void endLine(List<Frame> frames) throws IOException {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (firstLine && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        firstLine = false;
        if (text.isEmpty()) {
            dispatch(frames);
        } else {
            field(text);
        }
    }

    private void dispatch(List<Frame> frames) {
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            frames.add(new Frame(event.isEmpty() ? "message" : event, data.toString(), id));
        }
        event = "";
        id = null;
        data.setLength(0);
    }

    private void field(String text) throws IOException {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (name) {
            case "event" -> event = value;
            case "id" -> id = value;
            case "data" -> {
                if (data.length() + value.length() >= maxBytes) {
                    throw new IOException("a frame is longer than " + maxBytes + " characters");
                }
                data.append(value).append('\n');
            }
            default -> {
                // Comments (an empty name), "retry" and names to come mean nothing to a watch.
            }
        }
    }

    /**
     * One event of the stream.
     *
     * @param id the frame's own id, null when it has none
     */
    record Frame(String event, String data, @Nullable String id) {}
}
