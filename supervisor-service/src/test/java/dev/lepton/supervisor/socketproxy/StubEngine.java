package dev.lepton.supervisor.socketproxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers on a socket like an engine, and remembers each byte that it was sent. */
final class StubEngine implements AutoCloseable {

    /** What it says to one request; it closes the connection afterwards. */
    @FunctionalInterface
    interface Answer {
        void send(OutputStream out, InputStream in) throws IOException;
    }

    final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final ServerSocketChannel server;

    StubEngine(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.startVirtualThread(this::serve);
    }

    /** To each request whose line begins so. */
    StubEngine answers(String line, Answer answer) {
        answers.put(line, answer);
        return this;
    }

    StubEngine answers(String line, String head, String body) {
        return answers(
                line,
                (out, _) ->
                        out.write(
                                ("HTTP/1.0 " + head + "\r\n\r\n" + body)
                                        .getBytes(StandardCharsets.UTF_8)));
    }

    /** The first lines of what it was asked. */
    List<String> lines() {
        return requests.stream().map(request -> request.lines().findFirst().orElse("")).toList();
    }

    private void serve() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.startVirtualThread(() -> serve(client));
            }
        } catch (IOException _) {
            // It was closed.
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            InputStream in = Channels.newInputStream(client);
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                head.append((char) next);
            }
            String request = head.toString();
            requests.add(request);
            OutputStream out = Channels.newOutputStream(client);
            Answer answer =
                    answers.entrySet().stream()
                            .filter(each -> request.startsWith(each.getKey()))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElse((to, _) ->
                                    to.write(
                                            "HTTP/1.0 500 No\r\n\r\n"
                                                    .getBytes(StandardCharsets.US_ASCII)));
            answer.send(out, in);
        } catch (IOException _) {
            // The proxy has closed first.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
