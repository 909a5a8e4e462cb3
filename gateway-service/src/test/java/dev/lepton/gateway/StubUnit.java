package dev.lepton.gateway;

import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A unit on a raw socket that does with each request exactly what a test wants. */
public final class StubUnit implements AutoCloseable {

    /** What to do with a request; for one that was read to its end. */
    @FunctionalInterface
    public interface Behaviour {
        void take(Request request, Reply reply) throws IOException;
    }

    /**
     * @param head byte for byte, up to and with the empty line
     */
    public record Request(
            String method,
            String target,
            Map<String, List<String>> headers,
            byte[] body,
            String head) {

        public String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        public List<String> header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        }
    }

    /** For all whom a test lets come at once: who finds no place tries again after a second. */
    private static final int BACKLOG = 1024;

    private final String id;
    private final ServerSocket server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bodyBytesSeen = new AtomicLong();
    private volatile Behaviour behaviour;

    private StubUnit(String id, int port, Behaviour behaviour) throws IOException {
        this.id = id;
        this.behaviour = behaviour;
        this.server = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public static StubUnit start(String id, Behaviour behaviour) {
        return startAt(id, 0, behaviour);
    }

    public static StubUnit startAt(String id, int port, Behaviour behaviour) {
        try {
            return new StubUnit(id, port, behaviour);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A unit that answers with its name. */
    public static StubUnit good(String id) {
        return start(id, (request, reply) -> reply.send(200, id));
    }

    /** A unit whose address nobody listens at. */
    public static StubUnit refusing(String id) {
        StubUnit unit = good(id);
        unit.close();
        return unit;
    }

    public void becomes(Behaviour other) {
        behaviour = other;
    }

    public String id() {
        return id;
    }

    public int port() {
        return server.getLocalPort();
    }

    public List<Request> requests() {
        return requests;
    }

    public int connections() {
        return connections.get();
    }

    /** Bytes of bodies that came in chunks, also of those that are not read to their end. */
    public long bodyBytesSeen() {
        return bodyBytesSeen.get();
    }

    public int openConnections() {
        return open.size();
    }

    public UnitView view(String service, UnitState state) {
        return view(service, state, 1);
    }

    public UnitView view(String service, UnitState state, long incarnation) {
        return view(id, service, port(), state, incarnation);
    }

    public static UnitView view(
            String id, String service, int port, UnitState state, long incarnation) {
        return new UnitView(
                new UnitId(id),
                new ServiceName(service),
                StartId.random(),
                incarnation,
                state,
                UnitAddress.http("127.0.0.1", port),
                null,
                Beater.SELF,
                null,
                100,
                null,
                null,
                Map.of(),
                Instant.EPOCH,
                "test");
    }

    /** As a unit that a supervisor runs. */
    public UnitView supervised(String service, UnitState state, long incarnation) {
        return onNode(view(service, state, incarnation), "node-a");
    }

    public static UnitView onNode(UnitView unit, String node) {
        return with(
                unit,
                unit.address(),
                new NodeName(node),
                unit.version(),
                unit.weight(),
                unit.zone());
    }

    public static UnitView at(UnitView unit, UnitAddress address) {
        return with(unit, address, unit.node(), unit.version(), unit.weight(), unit.zone());
    }

    /** As a unit that says more of itself. */
    public static UnitView saying(
            UnitView unit, @Nullable String version, int weight, @Nullable String zone) {
        return with(unit, unit.address(), unit.node(), version, weight, zone);
    }

    private static UnitView with(
            UnitView unit,
            UnitAddress address,
            @Nullable NodeName node,
            @Nullable String version,
            int weight,
            @Nullable String zone) {
        return new UnitView(
                unit.unitId(),
                unit.service(),
                unit.startId(),
                unit.incarnation(),
                unit.state(),
                address,
                node,
                unit.beater(),
                version,
                weight,
                zone,
                unit.pid(),
                unit.labels(),
                unit.since(),
                unit.reason());
    }

    /** Of what came, less what is left of its time, which is never the same twice. */
    public List<String> heads() {
        return requests.stream()
                .map(request -> request.head().replaceFirst("Lepton-Deadline: [0-9]+\r\n", ""))
                .toList();
    }

    /** The head that a gateway sends for a client at this machine that asks for {@code Host: h}. */
    public String headFor(String line, String... headers) {
        return line
                + " HTTP/1.1\r\nhost: 127.0.0.1:"
                + port()
                + "\r\n"
                + String.join("", headers)
                + "X-Forwarded-For: 127.0.0.1\r\n"
                + "X-Forwarded-Proto: http\r\n"
                + "X-Forwarded-Host: h\r\n"
                + "Lepton-Unit: "
                + id
                + "\r\n\r\n";
    }

    /** Closes the listening socket and resets every connection, as a killed process does. */
    @Override
    public void close() {
        try {
            server.close();
            open.forEach(StubUnit::reset);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // The gateway has closed it meanwhile.
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Request request = read(in);
                if (request == null) {
                    return;
                }
                requests.add(request);
                behaviour.take(request, new Reply(socket, in));
                if (socket.isClosed()) {
                    return;
                }
            }
        } catch (IOException e) {
            // The gateway gave the connection up; tests look at what it tells its client.
        } finally {
            open.remove(socket);
        }
    }

    private Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        String line = line(in, head);
        if (line == null) {
            return null;
        }
        String[] parts = line.split(" ");
        Map<String, List<String>> headers = new TreeMap<>();
        for (String header = line(in, head);
                header != null && !header.isEmpty();
                header = line(in, head)) {
            int colon = header.indexOf(':');
            headers.computeIfAbsent(
                            header.substring(0, colon).toLowerCase(Locale.ROOT),
                            n -> new ArrayList<>())
                    .add(header.substring(colon + 1).strip());
        }
        return new Request(
                parts[0],
                parts[1],
                headers,
                body(in, headers),
                head.toString(StandardCharsets.ISO_8859_1));
    }

    private byte[] body(InputStream in, Map<String, List<String>> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            int length = Integer.parseInt(headers.get("content-length").getFirst());
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("the body broke off");
            }
            return body;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (headers.containsKey("transfer-encoding")) {
            for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
                body.writeBytes(in.readNBytes(size));
                bodyBytesSeen.addAndGet(size);
                line(in);
            }
            line(in);
        }
        return body.toByteArray();
    }

    private static int chunkSize(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            throw new EOFException("the body broke off");
        }
        return Integer.parseInt(line, 16);
    }

    private static String line(InputStream in) throws IOException {
        return line(in, OutputStream.nullOutputStream());
    }

    private static String line(InputStream in, OutputStream raw) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            raw.write(c);
            if (c != '\r') {
                line.write(c);
            }
        }
        raw.write('\n');
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** The other half of an exchange. */
    public static final class Reply {

        private final Socket socket;
        private final InputStream in;

        private Reply(Socket socket, InputStream in) {
            this.socket = socket;
            this.in = in;
        }

        public void send(int status, String body, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Stub\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            raw(head + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        }

        public void raw(String bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Closes with RST. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        public void close() throws IOException {
            socket.close();
        }

        /** Never answers; returns when the gateway closes the connection. */
        public void hang() throws IOException {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (SocketException reset) {
                // Closed the hard way.
            }
            socket.close();
        }
    }
}
