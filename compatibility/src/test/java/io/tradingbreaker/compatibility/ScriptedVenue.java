package io.tradingbreaker.compatibility;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Primary;

/** A venue that answers as the test says. */
@Primary
class ScriptedVenue extends Venue {

    private final ManualScheduler time;
    private volatile Duration latency = Duration.ZERO;
    private volatile CompletableFuture<String> answer = CompletableFuture.completedFuture("filled");

    ScriptedVenue(ManualScheduler time) {
        this.time = time;
    }

    @Override
    public CompletableFuture<String> send(String order) {
        time.advance(latency);
        return answer;
    }

    void answers(Duration after) {
        answers(after, CompletableFuture.completedFuture("filled"));
    }

    void answers(Duration after, CompletableFuture<String> with) {
        latency = after;
        answer = with;
    }
}
