package dev.lepton.worker.chaos;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /chaos/…}: each answers 202 and then does the harm. */
@RestController
@RequestMapping("/chaos")
@ResponseStatus(HttpStatus.ACCEPTED)
@ConditionalOnBooleanProperty("lepton.sample.chaos")
class ChaosController {

    private static final Duration TIME_TO_ANSWER = Duration.ofMillis(50);
    private static final Duration LEAK_STEP = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);
    private static final Duration LONGEST_FAULT = Duration.ofHours(1);

    private final Faults faults;
    private final RequestThreads requestThreads;
    private final Leak leak;
    private final IntConsumer halt;
    private final ScheduledExecutorService later;

    /**
     * @param halt ends the process at once with an exit code
     * @param later runs what must not happen before the answer is out
     */
    ChaosController(
            Faults faults,
            RequestThreads requestThreads,
            Leak leak,
            IntConsumer halt,
            ScheduledExecutorService later) {
        this.faults = faults;
        this.requestThreads = requestThreads;
        this.leak = leak;
        this.halt = halt;
        this.later = later;
    }

    /** Ends the process without any goodbye. */
    @PostMapping("/crash")
    void crash(@RequestParam(defaultValue = "1") int code) {
        require(code >= 0 && code <= 255, "'code' %d must be from 0 to 255".formatted(code));
        soon(() -> halt.accept(code));
    }

    /** From then on connections are accepted and no request is answered. */
    @PostMapping("/hang")
    void hang() {
        soon(requestThreads::hang);
    }

    /** As {@code hang}, but by a deadlock that a thread dump shows. */
    @PostMapping("/deadlock")
    void deadlock() {
        soon(requestThreads::deadlock);
    }

    /** Every request takes so much longer, for a while. */
    @PostMapping("/slow")
    void slow(
            @RequestParam(defaultValue = "PT1S") Duration delay,
            @RequestParam(name = "for", defaultValue = "PT10S") Duration length) {
        requireWithin("delay", delay, LONGEST_DELAY);
        requireWithin("for", length, LONGEST_FAULT);
        faults.slow(delay, length);
    }

    /** Such a share of the requests is answered 503, for a while. */
    @PostMapping("/errors")
    void errors(
            @RequestParam(defaultValue = "0.5") double ratio,
            @RequestParam(name = "for", defaultValue = "PT10S") Duration length) {
        require(ratio >= 0 && ratio <= 1, "'ratio' %s must be from 0 to 1".formatted(ratio));
        requireWithin("for", length, LONGEST_FAULT);
        faults.errors(ratio, length);
    }

    /** Takes memory in steps until there is none. */
    @PostMapping("/leak")
    void leak() {
        later.scheduleWithFixedDelay(
                leak, LEAK_STEP.toMillis(), LEAK_STEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void soon(Runnable harm) {
        later.schedule(harm, TIME_TO_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void requireWithin(String name, Duration value, Duration longest) {
        require(
                !value.isNegative() && value.compareTo(longest) <= 0,
                "'%s' %s must be from PT0S to %s".formatted(name, value, longest));
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new ErrorResponseException(
                    HttpStatus.BAD_REQUEST,
                    ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, rule),
                    null);
        }
    }
}
