package dev.lepton.registry.outage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The way to a server, which can be made slow, or held up in both directions. */
final class TcpProxy implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(5);

    private final int target;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean held;

    private TcpProxy(int target, ServerSocket door) {
        this.target = target;
        this.door = door;
    }

    static TcpProxy to(int target) throws IOException {
        TcpProxy proxy =
                new TcpProxy(target, new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    int port() {
        return door.getLocalPort();
    }

    /** Each piece of what is sent, in each direction, comes this much later. */
    void delay(Duration each) {
        delay = each;
    }

    /** Nothing passes any more, until it is released: then all of it does. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException e) {
                // Closed, or refused by the system: whoever wants more connects again.
            }
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(far);
            Thread.ofVirtual().start(() -> copy(near, far));
            copy(far, near);
        } catch (IOException e) {
            close(near);
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                LockSupport.parkNanos(delay.toNanos());
                while (held && !door.isClosed()) {
                    LockSupport.parkNanos(LOOK.toNanos());
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side has gone: so does the other.
        } finally {
            close(from);
            close(to);
        }
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.forEach(this::close);
    }
}
