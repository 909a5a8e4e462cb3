package dev.lepton.registry.replica;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Passes bytes on to a port on loopback. While it holds, what is sent stays on its way, as behind a
 * broken link: nobody is told anything.
 */
final class Relay implements AutoCloseable {

    /** A client of PostgreSQL may say its name only after it was let in. */
    private static final int GREETING = 4096;

    private static final int CONNECT_MILLIS = 2_000;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private boolean holding;
    private String only = "";
    private int held;

    private Relay(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    static Relay to(int target) throws IOException {
        return new Relay(target);
    }

    int port() {
        return server.getLocalPort();
    }

    void hold() {
        hold("");
    }

    /**
     * @param words what the first bytes of a connection must contain for it to be held
     */
    void hold(String words) {
        lock.lock();
        try {
            holding = true;
            only = words;
        } finally {
            lock.unlock();
        }
    }

    /** What was on its way goes on. */
    void release() {
        lock.lock();
        try {
            holding = false;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many connections have something on its way that is held. */
    int held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // Closed: the loop's condition ends it.
                continue;
            }
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        open.add(client);
        open.add(upstream);
        try {
            pass("");
            upstream.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target),
                    CONNECT_MILLIS);
        } catch (IOException e) {
            reset(client);
            reset(upstream);
            return;
        }
        AtomicReference<String> greeting = new AtomicReference<>("");
        Thread.ofVirtual().start(() -> pump(client, upstream, greeting));
        Thread.ofVirtual().start(() -> pump(upstream, client, greeting));
    }

    private void pump(Socket from, Socket to, AtomicReference<String> greeting) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                String words = new String(buffer, 0, read, ISO_8859_1);
                pass(greeting.updateAndGet(said -> said.length() < GREETING ? said + words : said));
                out.write(buffer, 0, read);
            }
            pass(greeting.get());
        } catch (IOException e) {
            // Either end is gone; the other follows.
        } finally {
            reset(from);
            reset(to);
        }
    }

    private void pass(String greeting) throws IOException {
        lock.lock();
        try {
            held++;
            while (holding && greeting.contains(only) && !server.isClosed()) {
                released.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            held--;
            lock.unlock();
        }
    }

    private void reset(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        release();
        open.forEach(this::reset);
    }
}
