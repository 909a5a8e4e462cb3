package dev.lepton.supervisor.socketproxy;

import dev.lepton.supervisor.socketproxy.EngineCall.Events;
import dev.lepton.supervisor.socketproxy.EngineCall.Excerpt;
import dev.lepton.supervisor.socketproxy.EngineCall.Inspect;
import dev.lepton.supervisor.socketproxy.EngineCall.ListContainers;
import dev.lepton.supervisor.socketproxy.EngineCall.Logs;
import dev.lepton.supervisor.socketproxy.EngineCall.Ping;
import dev.lepton.supervisor.socketproxy.EngineCall.Restart;
import dev.lepton.supervisor.socketproxy.EngineCall.Start;
import dev.lepton.supervisor.socketproxy.EngineCall.Stop;
import dev.lepton.supervisor.socketproxy.EngineCall.Version;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are calls that may be made. A path is compared as it was sent, character by
 * character: it is not decoded, joined or lower-cased, so that it cannot mean to the engine what it
 * did not mean here.
 */
final class Allowlist {

    private static final int LONGEST_GRACE_SECONDS = 600;
    private static final int MOST_LINES = 100_000;

    private static final Pattern TARGET =
            Pattern.compile(
                    "(?<prefix>/v1\\.[1-9][0-9]?)?(?<path>/[A-Za-z0-9_./-]*)(\\?(?<query>.*))?");
    private static final Pattern OF_CONTAINER =
            Pattern.compile(
                    "/containers/(?<container>[A-Za-z0-9][A-Za-z0-9_.-]{0,127})/(?<verb>[a-z]+)");

    private Allowlist() {}

    static Verdict decide(RequestHead request) {
        try {
            refuseBodiesAndUpgrades(request);
            Matcher target = TARGET.matcher(request.target());
            if (!target.matches()) {
                throw new NotAllowed("no such call");
            }
            String prefix = target.group("prefix");
            String call = request.method() + " " + target.group("path");
            return new Verdict.Allowed(
                    prefix == null ? "" : prefix, call(call, target.group("query")));
        } catch (NotAllowed e) {
            return new Verdict.Refused(String.valueOf(e.getMessage()));
        }
    }

    private static void refuseBodiesAndUpgrades(RequestHead request) throws NotAllowed {
        boolean empty = request.values("content-length").stream().allMatch(n -> n.matches("0+"));
        if (!empty || request.has("transfer-encoding") || request.has("expect")) {
            throw new NotAllowed("no call here has a body");
        }
        if (request.has("upgrade") || request.lists("connection", "upgrade")) {
            throw new NotAllowed("no connection is handed over");
        }
    }

    private static EngineCall call(String call, @Nullable String query) throws NotAllowed {
        return switch (call) {
            case "GET /_ping", "HEAD /_ping" -> {
                Query.of(query);
                yield new Ping(call.startsWith("HEAD"));
            }
            case "GET /version" -> {
                Query.of(query);
                yield new Version();
            }
            case "GET /containers/json" -> list(Query.of(query, "all", "filters"));
            case "GET /events" -> events(Query.of(query, "since", "until", "filters"));
            default -> ofContainer(call, query);
        };
    }

    private static EngineCall ofContainer(String call, @Nullable String query) throws NotAllowed {
        Matcher path = OF_CONTAINER.matcher(call.substring(call.indexOf(' ') + 1));
        if (!path.matches()) {
            throw new NotAllowed("no such call");
        }
        String container = path.group("container");
        return switch (call.substring(0, call.indexOf(' ') + 1) + path.group("verb")) {
            case "GET json" -> {
                Query.of(query);
                yield new Inspect(container);
            }
            case "GET logs" -> new Logs(container, excerpt(query));
            case "POST start" -> {
                Query.of(query);
                yield new Start(container);
            }
            case "POST stop" -> new Stop(container, grace(query));
            case "POST restart" -> new Restart(container, grace(query));
            default -> throw new NotAllowed("no such call");
        };
    }

    private static ListContainers list(Query query) throws NotAllowed {
        return new ListContainers(
                query.flag("all"), LabelFilters.labels(query.text("filters"), Map.of()));
    }

    private static Events events(Query query) throws NotAllowed {
        return new Events(
                query.moment("since"),
                query.moment("until"),
                LabelFilters.labels(query.text("filters"), Map.of("type", "container")));
    }

    private static @Nullable Integer grace(@Nullable String query) throws NotAllowed {
        return Query.of(query, "t").number("t", LONGEST_GRACE_SECONDS);
    }

    private static Excerpt excerpt(@Nullable String text) throws NotAllowed {
        Query query =
                Query.of(
                        text, "stdout", "stderr", "timestamps", "follow", "since", "until", "tail");
        return new Excerpt(
                query.flag("stdout"),
                query.flag("stderr"),
                query.flag("timestamps"),
                query.flag("follow"),
                query.moment("since"),
                query.moment("until"),
                "all".equals(query.text("tail")) ? null : query.number("tail", MOST_LINES));
    }
}
