package dev.lepton.client.watch;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection's bytes, handed from the HTTP client's thread to the watch's. It asks for a few
 * chunks ahead, so that a flood waits in the sockets and not in memory.
 */
final class WatchStream implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

    private static final int AHEAD = 16;

    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    private final String encoding;

    private WatchStream(String encoding) {
        this.encoding = encoding;
    }

    /**
     * The blocking call is made on a thread of the client's own, because what {@code sendAsync}
     * returns completes in the common pool, which the application may have blocked.
     *
     * @param within for the head of the answer
     * @throws NotAStream when the replica answers, but not with a stream
     */
    static WatchStream open(HttpClient http, HttpRequest request, Duration within)
            throws IOException, InterruptedException {
        FutureTask<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> pending =
                new FutureTask<>(() -> http.send(request, BodyHandlers.ofPublisher()));
        http.executor().orElseThrow().execute(pending);
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response;
        try {
            response = pending.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + within, e);
        } finally {
            pending.cancel(true);
        }
        WatchStream stream =
                new WatchStream(response.headers().firstValue("Content-Encoding").orElse(""));
        response.body().subscribe(stream);
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (response.statusCode() != 200 || !type.startsWith("text/event-stream")) {
            stream.close();
            throw new NotAStream(response.statusCode());
        }
        return stream;
    }

    /** The {@code Content-Encoding} of the answer, empty for none. */
    String encoding() {
        return encoding;
    }

    /** The next signal, or null when none comes within that time. */
    @Nullable Signal poll(long nanos) throws InterruptedException {
        Signal signal = nanos <= 0 ? signals.poll() : signals.poll(nanos, TimeUnit.NANOSECONDS);
        if (signal instanceof Bytes) {
            subscription.thenAccept(s -> s.request(1));
        }
        return signal;
    }

    @Override
    public void close() {
        subscription.thenAccept(Flow.Subscription::cancel);
        signals.add(new End("it was closed here"));
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        subscription.complete(granted);
        granted.request(AHEAD);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        String message = cause.getMessage();
        signals.add(new End(message == null ? cause.getClass().getSimpleName() : message));
    }

    @Override
    public void onComplete() {
        signals.add(new End("the registry closed it"));
    }

    /** What comes out of a connection. */
    sealed interface Signal permits Bytes, End {}

    record Bytes(List<ByteBuffer> buffers) implements Signal {}

    record End(String why) implements Signal {}

    /** An answer that is no stream of events. */
    static final class NotAStream extends IOException {

        private static final long serialVersionUID = 1;

        private final int status;

        NotAStream(int status) {
            super("it answered " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
