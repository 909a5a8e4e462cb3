package dev.lepton.registry.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * Pieces of one gzip stream (RFC 1951, 1952) that many streams share. Each piece is made with an
 * empty window and ends on a byte boundary, so that pieces can follow each other in any order
 * behind one header, and none needs what a compressor remembers of one stream. The trailer, which
 * would need a checksum of each stream, is never written: a watch has no end that matters.
 */
final class DeflatedBlocks {

    /** Of a stream without a name, a time or an operating system. */
    private static final byte[] HEADER = {
        0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff
    };

    private static final int LONGEST_STORED = 0xffff;
    private static final int BUFFER_BYTES = 16 << 10;

    private DeflatedBlocks() {}

    static byte[] header() {
        return HEADER.clone();
    }

    /** Writes something to a stream. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static byte[] of(byte[] plain) {
        try {
            return of(out -> out.write(plain));
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written to", e);
        }
    }

    static byte[] of(Content content) throws IOException {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        try {
            DeflaterOutputStream out =
                    new DeflaterOutputStream(blocks, deflater, BUFFER_BYTES, true);
            content.writeTo(out);
            // Flushed and not finished: what follows in the stream are more blocks.
            out.flush();
        } finally {
            deflater.end();
        }
        return blocks.toByteArray();
    }

    /** As one block that is not compressed, for what is short and for one watcher alone. */
    static byte[] stored(byte[] plain) {
        if (plain.length > LONGEST_STORED) {
            return of(plain);
        }
        byte[] block = new byte[plain.length + 5];
        block[1] = (byte) plain.length;
        block[2] = (byte) (plain.length >> 8);
        block[3] = (byte) ~plain.length;
        block[4] = (byte) (~plain.length >> 8);
        System.arraycopy(plain, 0, block, 5, plain.length);
        return block;
    }

    /** Writes what the blocks hold. */
    static void inflate(byte[] blocks, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(blocks);
            for (int n = inflater.inflate(buffer); n > 0; n = inflater.inflate(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (DataFormatException e) {
            throw new IllegalStateException("these are no deflated blocks", e);
        } finally {
            inflater.end();
        }
    }
}
