package dev.lepton.client.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.watch.SseParser.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTests {

    private static final int LIMIT = 64;

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void framesAreTheSameWhereverTheBytesAreSplit(String lineEnd) throws IOException {
        byte[] bytes =
                "\uFEFF: hello\n\nevent: list\nid: c:1\ndata: {\"a\":\"ü€😀\"}\n\ndata:x\ndata: y\n\n"
                        .replace("\n", lineEnd)
                        .getBytes(StandardCharsets.UTF_8);

        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                assertThat(frames(LIMIT, bytes, first, second))
                        .as("split at %d and %d", first, second)
                        .containsExactly(
                                new Frame("list", "{\"a\":\"ü€😀\"}", "c:1"),
                                new Frame("message", "x\ny", null));
            }
        }
    }

    @Test
    void aFrameWithoutDataIsNone() throws IOException {
        assertThat(frames("event: list\nid: c:1\n\n: comment\nretry: 10\n\n")).isEmpty();
    }

    @Test
    void aFrameDoesNotInheritFromTheOneBefore() throws IOException {
        assertThat(frames("event: list\nid: c:1\ndata: a\n\ndata: b\n\n"))
                .containsExactly(new Frame("list", "a", "c:1"), new Frame("message", "b", null));
    }

    @Test
    void onlyOneSpaceAfterTheColonIsNoPartOfTheValue() throws IOException {
        assertThat(frames("data:  a\n\ndata\n\n"))
                .containsExactly(new Frame("message", " a", null), new Frame("message", "", null));
    }

    @Test
    void aLineOfTheLimitIsReadAndOneByteMoreIsRefused() throws IOException {
        String fits = "data: " + "x".repeat(LIMIT - 6);

        assertThat(frames(fits + "\n\n")).hasSize(1);
        assertThatThrownBy(() -> frames(fits + "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("64 bytes");
    }

    @Test
    void aFrameOfManyLinesIsBoundedToo() {
        assertThatThrownBy(() -> frames("data: 0123456789\n".repeat(100)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("frame");
    }

    private static List<Frame> frames(String text) throws IOException {
        return new SseParser(LIMIT).feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Frame> frames(int limit, byte[] bytes, int first, int second)
            throws IOException {
        SseParser parser = new SseParser(limit);
        List<Frame> frames = new ArrayList<>();
        frames.addAll(parser.feed(ByteBuffer.wrap(bytes, 0, first)));
        frames.addAll(parser.feed(ByteBuffer.wrap(bytes, first, second - first)));
        frames.addAll(parser.feed(ByteBuffer.wrap(bytes, second, bytes.length - second)));
        return frames;
    }
}
