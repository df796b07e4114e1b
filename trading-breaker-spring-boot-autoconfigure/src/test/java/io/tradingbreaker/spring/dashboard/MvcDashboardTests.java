package io.tradingbreaker.spring.dashboard;

class MvcDashboardTests extends AbstractDashboardTests {

    MvcDashboardTests() {
        super("servlet");
    }
}
