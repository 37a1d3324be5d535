# SPDX-License-Identifier: Apache-2.0 OR MIT


class ConanInvalidConfiguration(Exception):
    pass
