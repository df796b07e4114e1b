package io.tradingbreaker.sample.web;

import io.tradingbreaker.sample.replay.InvalidScenarioException;
import io.tradingbreaker.sample.replay.ReplayReport;
import io.tradingbreaker.sample.replay.Scenarios;
import io.tradingbreaker.sample.simulator.Simulator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Changes what the simulated endpoints do, and shows how a replay went. */
@RestController
@RequestMapping("/simulator")
class SimulatorController {

    private final Scenarios scenarios;

    SimulatorController(Scenarios scenarios) {
        this.scenarios = scenarios;
    }

    @GetMapping("/scenario")
    Simulator.Status scenario() {
        return scenarios.status();
    }

    /** A flat body; numbers may be given as such or as strings. */
    @PostMapping("/scenario")
    Simulator.Status play(@RequestBody Map<String, @Nullable Object> body) {
        Map<String, String> request = new HashMap<>();
        body.forEach((key, value) -> request.put(key, value == null ? "" : value.toString()));
        scenarios.play(request);
        return scenarios.status();
    }

    @GetMapping("/replay/report")
    ResponseEntity<ReplayReport> report() {
        ReplayReport report = scenarios.report();
        return report == null ? ResponseEntity.notFound().build() : ResponseEntity.ok(report);
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> invalid(InvalidScenarioException e) {
        List<String> allowed = e.allowed();
        return ResponseEntity.badRequest().body(Map.of("error", String.valueOf(e.getMessage()), "allowed", allowed));
    }
}
