package dev.lepton.benchmarks.fleet;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The body of the call in which a block of units beats: made once, with the number of the beat
 * written over the last one, so that the client costs next to nothing.
 */
final class Batch {

    static final int LARGEST = 1_000;
    private static final int DIGITS = 16;
    private static final String PLACE = "0".repeat(DIGITS);

    private final int units;
    private final byte[] body;
    private final int[] numbers;

    /**
     * @param first number of the first unit
     */
    Batch(int first, int units) {
        this.units = units;
        this.numbers = new int[units];
        StringBuilder text = new StringBuilder("{\"beats\":[");
        for (int i = 0; i < units; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"unitId\":\"")
                    .append(unit(first + i))
                    .append("\",\"heartbeat\":{\"startId\":\"")
                    .append(start(first + i))
                    .append(
                            "\",\"selfCheck\":\"ok\",\"completedRequests\":1234567,\"inFlight\":3,\"seq\":");
            numbers[i] = text.length();
            text.append(PLACE).append("}}");
        }
        this.body = text.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    static String unit(int number) {
        return "fleet-" + number;
    }

    static String start(int number) {
        return String.format(Locale.ROOT, "00000000-0000-4000-8000-%012d", number);
    }

    int units() {
        return units;
    }

    /**
     * @param number of 16 digits, larger than that of the call before
     */
    byte[] body(long number) {
        byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        if (digits.length != DIGITS) {
            throw new IllegalArgumentException(
                    "beat number %d must have %d digits".formatted(number, DIGITS));
        }
        for (int place : numbers) {
            System.arraycopy(digits, 0, body, place, DIGITS);
        }
        return body;
    }
}
