package dev.lepton.gateway.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/**
 * An answer of a unit that was kept. Its age is judged by the monotonic clock.
 *
 * @param headers without those of its age and transfer
 * @param selectedBy the request headers that it depends on, with the values that it is for
 * @param arrivedNanos when it came
 * @param ageOnArrival how old it was then
 * @param fresh age up to which it may be given unasked
 * @param stale time beyond that in which it may be given while the service fails
 * @param says its Cache-Control
 */
record Kept(
        int status,
        HttpHeaders headers,
        Body body,
        Map<String, String> selectedBy,
        long arrivedNanos,
        Duration ageOnArrival,
        Duration fresh,
        Duration stale,
        CacheControl says) {

    /** Shared by all whom it is given to, and never changed. */
    static final class Body {

        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return bytes.length;
        }
    }

    private static final int OVERHEAD = 400;

    Duration age(long nowNanos) {
        return ageOnArrival.plusNanos(nowNanos - arrivedNanos);
    }

    /** May be negative. */
    Duration freshFor(long nowNanos) {
        return fresh.minus(age(nowNanos));
    }

    /** Whether a client that asks so gets it without the service being asked. */
    boolean satisfies(CacheControl asked, long nowNanos) {
        if (says.has("no-cache") || asked.has("no-cache") || !freshFor(nowNanos).isPositive()) {
            return false;
        }
        Long oldest = asked.seconds("max-age");
        Long freshLeft = asked.seconds("min-fresh");
        return (oldest == null || age(nowNanos).toSeconds() <= oldest)
                && (freshLeft == null || freshFor(nowNanos).toSeconds() >= freshLeft);
    }

    /** Whether it is better than an error. */
    boolean replacesError(long nowNanos) {
        return !says.has("no-cache") && age(nowNanos).compareTo(fresh.plus(stale)) <= 0;
    }

    boolean isFor(HttpHeaders request) {
        return selectedBy.entrySet().stream()
                .allMatch(each -> each.getValue().equals(selecting(request, each.getKey())));
    }

    /** RFC 9111 4.1: the value of a header of a request, empty where there is none. */
    static String selecting(HttpHeaders request, String name) {
        return String.join(",", request.getOrEmpty(name).stream().map(String::strip).toList());
    }

    /** Bytes that it takes, roughly. */
    long weight() {
        long text =
                selectedBy.entrySet().stream()
                        .mapToLong(each -> each.getKey().length() + each.getValue().length())
                        .sum();
        for (Map.Entry<String, List<String>> header : headers.headerSet()) {
            for (String value : header.getValue()) {
                text += header.getKey().length() + value.length() + 80L;
            }
        }
        return OVERHEAD + body.length() + text;
    }
}
