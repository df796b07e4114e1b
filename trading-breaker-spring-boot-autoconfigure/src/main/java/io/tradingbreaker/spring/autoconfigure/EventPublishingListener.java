package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.DrillReport;
import io.tradingbreaker.Retune;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.Transition;
import org.springframework.context.ApplicationEventPublisher;

/** Publishes transitions, changes of limits and the reports of drills as events of the application. Thread-safe. */
record EventPublishingListener(ApplicationEventPublisher publisher) implements StateChangeListener {

    @Override
    public void onStateChange(Transition transition) {
        publisher.publishEvent(transition);
    }

    @Override
    public void onRetune(Retune retune) {
        publisher.publishEvent(retune);
    }

    @Override
    public void onDrillReport(DrillReport report) {
        publisher.publishEvent(report);
    }
}
