"""The simulated machines of the tests act at once: what the modules of dellemc.openmanage wait before they look is cut short. All else waits as ever."""

import sys
import time

MAKER = "ansible_collections/dellemc/openmanage"
LONGEST_SECONDS = 0.5
wait = time.sleep


def sleep(seconds):
    caller = sys._getframe(1).f_code.co_filename
    wait(min(seconds, LONGEST_SECONDS) if MAKER in caller else seconds)


time.sleep = sleep
