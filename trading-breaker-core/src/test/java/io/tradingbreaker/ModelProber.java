package io.tradingbreaker;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How a health checker is specified to be asked: never twice at once, each question answered once, badly when overdue;
 * a question waits for the check before it to return, and is forgotten when another takes its place.
 */
final class ModelProber {

    private final ModelTime time;
    private final long timeout;
    private final BooleanSupplier checker;
    private Question asking;
    private Question waiting;
    long healthy;
    long unhealthy;
    Boolean last;

    ModelProber(ModelTime time, long timeout, BooleanSupplier checker) {
        this.time = time;
        this.timeout = timeout;
        this.checker = checker;
    }

    void ask(Consumer<Boolean> answer) {
        if (waiting != null) {
            waiting.forget();
        }
        waiting = new Question(answer);
        next();
    }

    private void next() {
        if (asking == null && waiting != null) {
            asking = waiting;
            waiting = null;
            Question question = asking;
            time.probe(question::run);
        }
    }

    private final class Question {

        private final Consumer<Boolean> answer;
        private final ModelTime.Work deadline = time.after(timeout, this::overdue);
        private boolean isRunning;
        private boolean isAnswered;

        Question(Consumer<Boolean> answer) {
            this.answer = answer;
        }

        void forget() {
            isAnswered = true;
            time.cancel(deadline);
        }

        void run() {
            if (isAnswered) {
                return;
            }
            isRunning = true;
            boolean isHealthy = checker.getAsBoolean();
            asking = null;
            next();
            if (!isAnswered) {
                conclude(isHealthy);
            }
        }

        void overdue() {
            conclude(false);
            if (waiting == this) {
                waiting = null;
            } else if (!isRunning) {
                asking = null;
                next();
            }
        }

        private void conclude(boolean isHealthy) {
            isAnswered = true;
            time.cancel(deadline);
            healthy += isHealthy ? 1 : 0;
            unhealthy += isHealthy ? 0 : 1;
            last = isHealthy;
            answer.accept(isHealthy);
        }
    }
}
