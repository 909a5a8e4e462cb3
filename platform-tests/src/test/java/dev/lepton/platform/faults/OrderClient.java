package dev.lepton.platform.faults;

import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.TwoAddresses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Reads, and gives orders each of which has an id of its own, through two gateways. */
final class OrderClient implements AutoCloseable {

    /** Every so manieth is a list. */
    private static final int LONG_ANSWERS = 10;

    private static final byte[] NOTHING = {};
    private static final AtomicLong ids = new AtomicLong();

    private final TwoAddresses gateways;
    private final AtomicLong reads = new AtomicLong();

    OrderClient(TwoAddresses gateways) {
        this.gateways = gateways;
    }

    Reading read() throws IOException {
        Reading.Kind kind =
                reads.getAndIncrement() % LONG_ANSWERS == 0
                        ? Reading.Kind.LIST
                        : Reading.Kind.GREETING;
        KeepAliveClient.Answer answer =
                gateways.send("GET", "/orders" + kind.path(), Map.of(), NOTHING).ok();
        String asked = answer.header("Lepton-Attempts");
        return new Reading(
                answer.header("Lepton-Unit"), asked.isEmpty() ? 1 : Integer.parseInt(asked), kind);
    }

    /** Returns the id of the order. */
    String order() throws IOException {
        String id = "order-" + ids.incrementAndGet();
        KeepAliveClient.Answer answer =
                gateways.send(
                                "POST",
                                "/orders/take",
                                Map.of("Content-Type", "text/plain"),
                                id.getBytes(StandardCharsets.US_ASCII))
                        .ok();
        if (!answer.text().equals(id)) {
            throw new IOException("asked for " + id + ", and was answered " + answer.text());
        }
        return id;
    }

    @Override
    public void close() {
        gateways.close();
    }
}
