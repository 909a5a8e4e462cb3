package dev.lepton.registry.outage;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What one kind of call was answered, and how soon. */
final class Answers {

    private final List<Answer> all = new ArrayList<>();

    record Answer(Duration took, HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }
    }

    Answer to(Supplier<HttpResponse<String>> call) {
        long begun = System.nanoTime();
        HttpResponse<String> response = call.get();
        Answer answer = new Answer(Bounds.since(begun), response);
        synchronized (this) {
            all.add(answer);
        }
        return answer;
    }

    synchronized Stream<Answer> all() {
        return List.copyOf(all).stream();
    }

    synchronized void clear() {
        all.clear();
    }

    Duration slowest() {
        return percentile(1);
    }

    Duration percentile(double share) {
        List<Duration> sorted = all().map(Answer::took).sorted().toList();
        return sorted.isEmpty()
                ? Duration.ZERO
                : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
}
