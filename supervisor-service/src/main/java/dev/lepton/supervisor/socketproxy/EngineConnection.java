package dev.lepton.supervisor.socketproxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the engine's socket, for one request. Who closes it from another thread ends what
 * waits for an answer.
 */
final class EngineConnection implements AutoCloseable {

    private static final int LONGEST_LINE = 8192;
    private static final int LARGEST_BODY = 16 * 1024 * 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([2-5]\\d\\d)( .*)?");
    private static final Pattern PASSED_ON =
            Pattern.compile("(Api-Version|Content-Type|Ostype): ([!-~][ -~]*)");

    private final Path socket;
    private final SocketChannel channel;
    private final InputStream in;
    private volatile boolean late;
    private volatile @Nullable Future<?> expiry;

    private EngineConnection(Path socket, SocketChannel channel) {
        this.socket = socket;
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    static EngineConnection open(Path socket) throws EngineAway {
        try {
            return new EngineConnection(
                    socket, SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        } catch (IOException e) {
            throw away(socket, e);
        }
    }

    EngineAnswer ask(EngineRequest request) throws EngineAway {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(request.bytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            Matcher status = STATUS.matcher(line());
            if (!status.matches()) {
                // One that switches protocols as well: it was not asked to.
                throw new EngineAway("what answers at %s is no engine".formatted(socket));
            }
            return new EngineAnswer(Integer.parseInt(status.group(1)), headers());
        } catch (IOException e) {
            throw away(e);
        }
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher header = PASSED_ON.matcher(line);
            if (header.matches()) {
                headers.put(header.group(1), header.group(2));
            }
        }
        return headers;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() == LONGEST_LINE) {
                throw new IOException("its answer breaks off within its head");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    /** All of the answer's body. */
    byte[] body() throws EngineAway {
        try {
            byte[] body = in.readNBytes(LARGEST_BODY + 1);
            if (body.length > LARGEST_BODY) {
                throw new EngineAway(
                        "the engine answered more than %d bytes".formatted(LARGEST_BODY));
            }
            return body;
        } catch (IOException e) {
            throw away(e);
        }
    }

    /** The answer's body, as it comes. */
    InputStream stream() {
        return in;
    }

    private EngineAway away(IOException e) {
        return late
                ? new EngineAway("the engine at %s did not answer in time".formatted(socket))
                : away(socket, e);
    }

    private static EngineAway away(Path socket, IOException e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new EngineAway("no engine answers at %s: %s".formatted(socket, why));
    }

    /** The timer holds this connection until then, unless it is closed before. */
    void expires(Future<?> expiry) {
        this.expiry = expiry;
    }

    /** As long as the answer may take has passed. */
    void expire() {
        late = true;
        close();
    }

    @Override
    public void close() {
        Future<?> pending = expiry;
        if (pending != null) {
            pending.cancel(false);
        }
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing was left to be said to the engine.
        }
    }
}
