package dev.lepton.registry.watch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Many watchers on one thread, each with a connection of its own and a gzip stream, as {@code
 * UnitWatch} asks for it; they tell of each frame, and keep none.
 */
final class WatcherCrowd implements AutoCloseable {

    private static final int GZIP_HEADER_BYTES = 10;
    private static final int KEPT_OF_A_FRAME = 160;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final Consumer<String> frames;
    private final long listBytes;
    private final ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
    private final byte[] plain = new byte[64 << 10];
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = Thread.ofPlatform().name("watcher-crowd").unstarted(this::run);
    private volatile long ended;

    /**
     * @param listBytes when positive, a stream that has as many is told of as "event: list", and
     *     nothing is unpacked
     * @param frames told of each, on the one thread that reads
     */
    WatcherCrowd(
            int port,
            String token,
            String query,
            int watchers,
            long listBytes,
            Consumer<String> frames)
            throws IOException {
        this.selector = Selector.open();
        this.frames = frames;
        this.listBytes = listBytes;
        // Of HTTP/1.0, so that the body comes without chunks.
        String request =
                "GET /v1/watch%s HTTP/1.0\r\nHost: x\r\nAccept-Encoding: gzip\r\nAuthorization: Bearer %s\r\n\r\n"
                        .formatted(query, token);
        for (int i = 0; i < watchers; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
        }
        thread.start();
    }

    /** How many streams have ended. */
    long ended() {
        return ended;
    }

    private void run() {
        try {
            while (!closed.get()) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    read((Connection) key.attachment(), key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | DataFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read(Connection connection, SelectionKey key)
            throws IOException, DataFormatException {
        bytes.clear();
        if (connection.channel.read(bytes) < 0) {
            key.cancel();
            ended++;
            return;
        }
        bytes.flip();
        connection.take(bytes);
    }

    @Override
    public void close() throws IOException {
        closed.set(true);
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (Connection connection : connections) {
            connection.channel.close();
            connection.inflater.end();
        }
        selector.close();
    }

    private final class Connection {

        private final SocketChannel channel;
        private final Inflater inflater = new Inflater(true);
        private final StringBuilder frame = new StringBuilder();
        private long body;
        private int headMatched;
        private boolean emptyLine;
        private int headerSkipped;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void take(ByteBuffer received) throws DataFormatException {
            while (headMatched < HEAD_END.length && received.hasRemaining()) {
                byte next = received.get();
                headMatched =
                        next == HEAD_END[headMatched] ? headMatched + 1 : next == '\r' ? 1 : 0;
            }
            while (headMatched == HEAD_END.length
                    && headerSkipped < GZIP_HEADER_BYTES
                    && received.hasRemaining()) {
                received.get();
                headerSkipped++;
            }
            if (listBytes > 0) {
                count(received.remaining());
                return;
            }
            inflater.setInput(received);
            for (int n = inflater.inflate(plain); n > 0; n = inflater.inflate(plain)) {
                cut(n);
            }
        }

        private void count(int received) {
            boolean before = body >= listBytes;
            body += received;
            if (body >= listBytes && !before) {
                frames.accept("event: list");
            }
        }

        private void cut(int length) {
            for (int i = 0; i < length; i++) {
                if (plain[i] != '\n') {
                    keep((char) (plain[i] & 0xff));
                    emptyLine = false;
                } else if (emptyLine) {
                    frames.accept(frame.toString());
                    frame.setLength(0);
                } else {
                    keep('\n');
                    emptyLine = true;
                }
            }
        }

        /**
         * The beginning is enough to tell what a frame is; a list of each would fill the memory.
         */
        private void keep(char next) {
            if (frame.length() < KEPT_OF_A_FRAME) {
                frame.append(next);
            }
        }
    }
}
