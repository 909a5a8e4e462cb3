package dev.lepton.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.web.servlet.MockMvc;

@SpringBootTest(properties = {"lepton.unit.id=worker-1", "lepton.unit.version=1.2"})
@AutoConfigureMockMvc
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class SampleWorkerTests {

    private final MockMvc mvc;
    private final SampleSettings settings;

    SampleWorkerTests(MockMvc mvc, SampleSettings settings) {
        this.mvc = mvc;
        this.settings = settings;
    }

    @Test
    void theDefaults() {
        assertThat(settings).isEqualTo(new SampleSettings(false));
    }

    @Test
    void helloSaysWhoAnswers() throws Exception {
        mvc.perform(get("/hello"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.unit").value("worker-1"))
                .andExpect(jsonPath("$.service").value("worker"))
                .andExpect(jsonPath("$.version").value("1.2"))
                .andExpect(jsonPath("$.pid").value(ProcessHandle.current().pid()));
    }

    @Test
    void primesAreCounted() throws Exception {
        mvc.perform(get("/primes").param("below", "100"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.count").value(25))
                .andExpect(jsonPath("$.largest").value(97));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "-7", "5000001", "99999999999", "many", ""})
    void aBoundThatIsNoneIsRefused(String below) throws Exception {
        mvc.perform(get("/primes").param("below", below))
                .andExpect(status().isBadRequest())
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.detail").value(containsString("below")));
    }

    @Test
    void aMissingBoundIsRefused() throws Exception {
        mvc.perform(get("/primes")).andExpect(status().isBadRequest());
    }

    @ParameterizedTest
    @CsvSource({"text/plain;charset=UTF-8, grüße", "application/json, {}", "image/png, x"})
    void echoGivesBodyAndTypeBack(String type, String body) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        mvc.perform(post("/echo").contentType(type).content(bytes))
                .andExpect(status().isOk())
                .andExpect(header().string("Content-Type", type))
                .andExpect(content().bytes(bytes));
    }

    @Test
    void echoTakesOneMebibyteAndNotOneByteMore() throws Exception {
        mvc.perform(post("/echo").contentType("image/png").content(new byte[1024 * 1024]))
                .andExpect(status().isOk());
        mvc.perform(post("/echo").contentType("image/png").content(new byte[1024 * 1024 + 1]))
                .andExpect(status().isContentTooLarge())
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"crash", "hang", "slow", "errors", "leak", "deadlock"})
    void withoutItsSettingChaosDoesNotExist(String fault) throws Exception {
        mvc.perform(post("/chaos/" + fault)).andExpect(status().isNotFound());
    }
}
