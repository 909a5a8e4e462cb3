package dev.lepton.worker.primes;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /primes?below=n}: counts the primes below n, afresh each time. */
@RestController
class PrimesController {

    private static final int LEAST = 2;
    private static final int MOST = 5_000_000;

    @GetMapping("/primes")
    Primes primes(@RequestParam int below) {
        if (below < LEAST || below > MOST) {
            throw new ErrorResponseException(
                    HttpStatus.BAD_REQUEST,
                    ProblemDetail.forStatusAndDetail(
                            HttpStatus.BAD_REQUEST,
                            "'below' %d must be from %d to %d".formatted(below, LEAST, MOST)),
                    null);
        }
        return Primes.below(below);
    }
}
