package dev.lepton.supervisor.socketproxy;

import dev.lepton.supervisor.socketproxy.EngineCall.Events;
import dev.lepton.supervisor.socketproxy.EngineCall.Logs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes connections, each for one request: reads it, decides, and forwards it or refuses. */
final class SocketProxy implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SocketProxy.class);

    private static final int MALFORMED = 400;
    private static final int FORBIDDEN = 403;
    private static final int ENGINE_AWAY = 502;
    private static final int BUSY = 503;

    private final ServerSocket server;
    private final Engine engine;
    private final Scope scope;
    private final Bounds bounds;
    private final Semaphore connections;
    private final Semaphore streams;

    /** Listens; nobody is answered before {@link #serve}. */
    SocketProxy(InetSocketAddress address, Engine engine, Scope scope, Bounds bounds)
            throws IOException {
        this.server = new ServerSocket();
        this.server.bind(address);
        this.engine = engine;
        this.scope = scope;
        this.bounds = bounds;
        this.connections = new Semaphore(bounds.connections());
        this.streams = new Semaphore(bounds.streams());
    }

    int port() {
        return server.getLocalPort();
    }

    /** Until it is closed. */
    void serve() throws IOException {
        while (!server.isClosed()) {
            // Beyond the bound they wait in the system's queue, and then at their own end.
            connections.acquireUninterruptibly();
            Socket socket;
            try {
                socket = server.accept();
            } catch (IOException e) {
                connections.release();
                if (server.isClosed()) {
                    return;
                }
                throw e;
            }
            Thread.ofVirtual().name("client").start(() -> serve(socket));
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Client client = new Client(socket, engine.timer(), bounds.write());
            answer(client, socket);
            client.letRead();
        } catch (IOException e) {
            log.debug("a client has gone: {}", e.getMessage());
        } finally {
            connections.release();
        }
    }

    private void answer(Client client, Socket socket) throws IOException {
        try {
            RequestHead request = request(client, socket);
            switch (Allowlist.decide(request)) {
                case Verdict.Allowed allowed -> forward(allowed, request, client);
                case Verdict.Refused(String reason) -> refuse(request, reason, client);
            }
        } catch (MalformedRequest e) {
            log.warn("refused what is no request: {}", e.getMessage());
            client.say(MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private RequestHead request(Client client, Socket socket) throws IOException, MalformedRequest {
        ScheduledFuture<?> limit =
                engine.timer()
                        .schedule(
                                () -> close(socket),
                                bounds.request().toMillis(),
                                TimeUnit.MILLISECONDS);
        try {
            return client.request();
        } finally {
            limit.cancel(false);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed all the same.
        }
    }

    private void forward(Verdict.Allowed allowed, RequestHead request, Client client)
            throws IOException {
        boolean stream = allowed.call() instanceof Events || allowed.call() instanceof Logs;
        if (stream && !streams.tryAcquire()) {
            client.say(
                    BUSY,
                    "%d logs and events are sent already, which is the limit"
                            .formatted(bounds.streams()));
            return;
        }
        try {
            new Forwarding(engine, scope, bounds.answer(), allowed.prefix(), client)
                    .forward(allowed.call());
        } catch (NotAllowed e) {
            refuse(request, String.valueOf(e.getMessage()), client);
        } catch (EngineAway e) {
            if (client.gone().isDone()) {
                // That is why the engine was left alone.
                throw new IOException(e);
            }
            log.warn("{} {}: {}", request.method(), request.target(), e.getMessage());
            client.say(ENGINE_AWAY, String.valueOf(e.getMessage()));
        } finally {
            if (stream) {
                streams.release();
            }
        }
    }

    private static void refuse(RequestHead request, String reason, Client client)
            throws IOException {
        log.warn("refused {} {}: {}", request.method(), request.target(), reason);
        client.say(FORBIDDEN, reason);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
