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
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final Consumer<String> frames;
    private final ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
    private final byte[] plain = new byte[64 << 10];
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = Thread.ofPlatform().name("watcher-crowd").unstarted(this::run);
    private volatile long ended;

    /**
     * @param frames told of each, on the one thread that reads
     */
    WatcherCrowd(int port, String token, String query, int watchers, Consumer<String> frames)
            throws IOException {
        this.selector = Selector.open();
        this.frames = frames;
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
        private int headMatched;
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
            inflater.setInput(received);
            for (int n = inflater.inflate(plain); n > 0; n = inflater.inflate(plain)) {
                cut(n);
            }
        }

        private void cut(int length) {
            int from = 0;
            for (int i = 0; i < length; i++) {
                boolean afterLineEnd =
                        i > 0
                                ? plain[i - 1] == '\n'
                                : !frame.isEmpty() && frame.charAt(frame.length() - 1) == '\n';
                if (plain[i] == '\n' && afterLineEnd) {
                    frame.append(new String(plain, from, i - from, StandardCharsets.ISO_8859_1));
                    frames.accept(frame.toString());
                    frame.setLength(0);
                    from = i + 1;
                }
            }
            frame.append(new String(plain, from, length - from, StandardCharsets.ISO_8859_1));
        }
    }
}
