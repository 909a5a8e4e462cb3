package dev.lepton.client.rest;

import dev.lepton.client.rest.RegistryClient.Call;
import dev.lepton.client.rest.RegistryClient.Nothing;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Makes one call at a time at one URL after another until one answers, and remembers which. */
final class RegistryCalls implements AutoCloseable {

    /** A page of 1000 units with all the labels that a unit may have. */
    private static final long LARGEST_ANSWER_BYTES = 32L << 20;

    private final RegistryUrls urls;
    private final @Nullable BearerToken token;
    private final HttpClient http;
    private final JsonMapper json = ProtocolJson.lenient();
    private final Refusals refusals = new Refusals(json);
    private volatile int current;

    RegistryCalls(RegistryUrls urls, @Nullable BearerToken token, Duration connectTimeout) {
        this.urls = urls;
        this.token = token;
        this.http = RegistryHttp.client("lepton-registry-client", connectTimeout);
    }

    /**
     * @param satisfying whether an answer ends the search; the first that does not is returned when
     *     no URL has a better one
     */
    <T> T call(Call<T> call, Duration timeout, Predicate<T> satisfying) {
        int first = current;
        Fallback<T> fallback = null;
        RegistryRefusal.Unavailable unavailable = null;
        for (int i = 0; i < urls.size(); i++) {
            int index = (first + i) % urls.size();
            try {
                T answer = attempt(call, index, timeout);
                if (satisfying.test(answer)) {
                    current = index;
                    return answer;
                }
                fallback = fallback == null ? new Fallback<>(index, answer) : fallback;
            } catch (RegistryRefusal.Unavailable e) {
                unavailable = merged(unavailable, e);
                if (Thread.currentThread().isInterrupted()) {
                    throw unavailable;
                }
            } catch (RegistryRefusal e) {
                if (fallback == null || saysWhatTheDatabaseSays(e)) {
                    current = index;
                    throw e;
                }
            }
        }
        if (fallback != null) {
            current = fallback.index();
            return fallback.answer();
        }
        if (unavailable == null) {
            throw new IllegalStateException("no registry URL was tried");
        }
        throw unavailable;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private <T> T attempt(Call<T> call, int index, Duration timeout) {
        String what = call.method() + " " + urls.get(index) + pathOf(call);
        HttpRequest request = request(call, urls.resolve(index, call.path()));
        HttpResponse<byte[]> response;
        try {
            response = exchange(request, timeout);
        } catch (TimeoutException e) {
            throw unreachable(what + " got no answer within " + timeout, e);
        } catch (IOException e) {
            throw unreachable(what + " failed: " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(what + " was interrupted", e);
        }
        if (response.statusCode() / 100 != 2) {
            throw refusals.of(what, response.statusCode(), response.headers(), response.body());
        }
        return answer(call.answer(), what, response.body());
    }

    private HttpRequest request(Call<?> call, URI uri) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .header("Accept", "application/json, application/problem+json");
        if (token != null) {
            request.header("Authorization", token.header());
        }
        if (call.body() == null) {
            return request.method(call.method(), BodyPublishers.noBody()).build();
        }
        return request.header("Content-Type", "application/json")
                .method(
                        call.method(),
                        BodyPublishers.ofByteArray(json.writeValueAsBytes(call.body())))
                .build();
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        try {
            return send(request, timeout);
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // Most often a kept connection that a restarted registry has closed: once more, afresh.
            return send(request, timeout);
        }
    }

    /**
     * Waits for the whole answer: the timeout of the JDK's client ends with the headers. The
     * blocking call is made on a thread of the client's own, because what {@code sendAsync} returns
     * completes in the common pool, which the application may have blocked.
     */
    private HttpResponse<byte[]> send(HttpRequest request, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        FutureTask<HttpResponse<byte[]>> pending =
                new FutureTask<>(() ->
                        http.send(
                                request,
                                BodyHandlers.limiting(
                                        BodyHandlers.ofByteArray(), LARGEST_ANSWER_BYTES)));
        http.executor().orElseThrow().execute(pending);
        try {
            return pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            pending.cancel(true);
        }
    }

    private <T> T answer(Class<T> type, String what, byte[] body) {
        if (type == Nothing.class) {
            return type.cast(Nothing.NOTHING);
        }
        try {
            T answer = json.readValue(body, type);
            if (answer != null) {
                return answer;
            }
            throw unreachable(what + " answered nothing", null);
        } catch (JacksonException e) {
            throw unreachable(what + " answered what is not the registry's protocol", e);
        }
    }

    private static RegistryRefusal.Unavailable unreachable(
            String message, @Nullable Throwable cause) {
        return new RegistryRefusal.Unavailable(message, null, cause);
    }

    /** A replica says so only after it has read the row; anything else is its own trouble. */
    private static boolean saysWhatTheDatabaseSays(RegistryRefusal refusal) {
        return refusal instanceof RegistryRefusal.NotRegistered
                || refusal instanceof RegistryRefusal.Superseded;
    }

    /** All of them say why; the shortest wait that any replica asked for is worth waiting. */
    private static RegistryRefusal.Unavailable merged(
            RegistryRefusal.@Nullable Unavailable before, RegistryRefusal.Unavailable now) {
        if (before == null) {
            return now;
        }
        Duration wait = now.retryAfter();
        Duration earlier = before.retryAfter();
        if (wait == null || (earlier != null && earlier.compareTo(wait) < 0)) {
            wait = earlier;
        }
        return new RegistryRefusal.Unavailable(
                before.getMessage() + "; " + now.getMessage(), wait, now.getCause());
    }

    private static String pathOf(Call<?> call) {
        int query = call.path().indexOf('?');
        return query < 0 ? call.path() : call.path().substring(0, query);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private record Fallback<T>(int index, T answer) {}
}
