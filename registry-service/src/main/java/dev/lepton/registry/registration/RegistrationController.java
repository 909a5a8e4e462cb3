package dev.lepton.registry.registration;

import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.registry.registration.Registrations.Admitted;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes registrations. */
@RestController
class RegistrationController {

    private final Registrations registrations;
    private final RegistrationGate gate;

    RegistrationController(Registrations registrations, RegistrationGate gate) {
        this.registrations = registrations;
        this.gate = gate;
    }

    @PostMapping("/v1/units")
    ResponseEntity<Registered> register(@RequestBody Registration registration) {
        Admitted admitted = gate.pass(() -> registrations.register(registration));
        return ResponseEntity.status(admitted.anew() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(admitted.answer());
    }
}
