package dev.lepton.registry.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflatedBlocksTests {

    @Test
    void piecesFollowEachOtherInAnyOrderBehindOneHeader() throws IOException {
        byte[] one = DeflatedBlocks.of("one ".repeat(100).getBytes(StandardCharsets.US_ASCII));
        byte[] two = DeflatedBlocks.stored("two".getBytes(StandardCharsets.US_ASCII));

        assertThat(read(one, two, one)).isEqualTo("one ".repeat(100) + "two" + "one ".repeat(100));
        assertThat(read(two, two, one)).isEqualTo("twotwo" + "one ".repeat(100));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 65_535, 65_536})
    void storedPieceHoldsWhatItWasGiven(int length) throws IOException {
        String text = "x".repeat(length);

        assertThat(read(DeflatedBlocks.stored(text.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(text);
    }

    @Test
    void whatIsInflatedIsWhatWasDeflated() throws IOException {
        byte[] plain = "0123456789".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        byte[] blocks = DeflatedBlocks.of(plain);
        DeflatedBlocks.inflate(blocks, out);

        assertThat(blocks).hasSizeLessThan(plain.length / 10);
        assertThat(out.toByteArray()).isEqualTo(plain);
    }

    /** As a client reads that waits for the next frame: it never sees the end of the stream. */
    private static String read(byte[]... pieces) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.write(DeflatedBlocks.header());
        int plain = 0;
        for (byte[] piece : pieces) {
            stream.write(piece);
            ByteArrayOutputStream inflated = new ByteArrayOutputStream();
            DeflatedBlocks.inflate(piece, inflated);
            plain += inflated.size();
        }
        InputStream in = new GZIPInputStream(new ByteArrayInputStream(stream.toByteArray()));
        return new String(in.readNBytes(plain), StandardCharsets.US_ASCII);
    }
}
